"""Who decides in whose name: delegations, whether they hold, and what was decided under them."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as lazy

from apps.access import registry
from apps.access.domain import delegation as domain
from apps.access.domain.delegation import Lapse, Mandate, Scope, Span
from apps.access.domain.permissions import Permission
from apps.access.models import ApprovalDecision, Delegation, RoleGrant, User
from apps.access.queries import people, wording
from apps.core import registry as core
from apps.core.texts import gettext as _
from apps.core.texts import listed

HOLDS = "holds"
STATES = {
    HOLDS: core.Word(lazy("holds"), "good"),
    Lapse.NOT_BEGUN: core.Word(lazy("to come"), "info"),
    Lapse.EXPIRED: core.Word(lazy("over")),
    Lapse.ENDED: core.Word(lazy("ended early")),
    Lapse.ROLE_LOST: core.Word(lazy("over: the role was lost"), "warning"),
    Lapse.LEFT: core.Word(lazy("over: the giver left"), "warning"),
}
ENDABLE = (HOLDS, Lapse.NOT_BEGUN)


def all_of_them() -> QuerySet[Delegation]:
    """Every delegation with its two people, the newest first."""
    return Delegation.objects.select_related("grant__user", "grant__role", "receiver").order_by("-pk")


def visible_to(user: User) -> QuerySet[Delegation]:
    """The delegations that the user may see: all with the permission to see staff, those they are part of without."""
    if people.holds(user, Permission.STAFF_READ):
        return all_of_them()
    return all_of_them().filter(Q(grant__user=user) | Q(receiver=user))


def lapse(delegation: Delegation, today: dt.date) -> Lapse | None:
    """Why it does not hold today, or None."""
    grant = delegation.grant
    return domain.lapse(
        Span(delegation.start_date, delegation.end_date, delegation.ended_at is not None),
        today,
        holds_role=grant.ended_at is None,
        works_here=grant.user.is_active,
    )


def state(delegation: Delegation, today: dt.date) -> str:
    """Whether it holds today, as it is shown."""
    return lapse(delegation, today) or HOLDS


def received(user: User, today: dt.date) -> list[Delegation]:
    """What was delegated to the user and is not long over, the first to end first."""
    since = today - domain.REMEMBERED
    return list(all_of_them().filter(receiver=user, end_date__gt=since).order_by("end_date", "pk"))


def mandates_of(user: User, today: dt.date) -> tuple[Mandate, ...]:
    """Whom the user may act for, as the domain weighs it; those that hold come first, then the latest."""
    found = [(delegation, lapse(delegation, today)) for delegation in received(user, today)]
    found.sort(key=lambda pair: (pair[1] is not None, -pair[0].pk))
    return tuple(
        Mandate(
            delegation.pk,
            delegation.reference,
            delegation.giver.pk,
            delegation.grant.role.code,
            scope(delegation),
            frozenset(people.superiors_of(delegation.giver)) if over is None else frozenset(),
            delegation.giver.customer_reference,
            over,
        )
        for delegation, over in found
    )


def scope(delegation: Delegation) -> Scope:
    """What may be decided under it."""
    return Scope(frozenset(delegation.actions), frozenset(delegation.products), delegation.up_to)


def live_ones(user: User, today: dt.date) -> list[Delegation]:
    """The delegations that the user has received and that hold today or will."""
    return [found for found in received(user, today) if lapse(found, today) in (None, Lapse.NOT_BEGUN)]


def grants_to_give(user: User) -> list[RoleGrant]:
    """The roles that the user may let others decide in: their own, of those that decide."""
    deciding = RoleGrant.objects.filter(
        user=user, ended_at=None, role__permissions__contains=[Permission.APPROVAL_DECIDE.value]
    )
    return list(deciding.select_related("role").order_by("role__code"))


def receivers(giver: User) -> QuerySet[User]:
    """Who may act for somebody else: everybody who decides, but the giver."""
    return (
        User.objects.filter(
            is_active=True,
            grants__ended_at=None,
            grants__role__permissions__contains=[Permission.APPROVAL_DECIDE.value],
        )
        .exclude(pk=giver.pk)
        .distinct()
        .order_by("name")
    )


def decided(delegation: Delegation) -> QuerySet[ApprovalDecision]:
    """What was decided under it, the last first."""
    return delegation.decisions.select_related("request", "decided_by").order_by("-pk")


def decided_for(user: User) -> QuerySet[ApprovalDecision]:
    """What others decided in the user's name, the last first."""
    return ApprovalDecision.objects.filter(on_behalf_of=user).select_related("request", "decided_by").order_by("-pk")


def scope_words(actions: Collection[str], products: Collection[str], up_to: object) -> str:
    """What a delegation covers, in words."""
    what = listed([wording.action(name) for name in sorted(actions)]) if actions else _("every action")
    names = dict(registry.products())
    where = listed([names.get(code, code) for code in sorted(products)]) if products else _("every product")
    words = {"actions": what, "products": where}
    if up_to is None:
        return _("%(actions)s; %(products)s; any amount") % words
    return _("%(actions)s; %(products)s; up to %(amount)s") % {**words, "amount": f"{up_to:,.2f}"}
