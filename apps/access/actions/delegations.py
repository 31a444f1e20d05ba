"""Letting somebody else decide in one's own name while one is away, and ending that."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from apps.access import registry
from apps.access.domain.delegation import LONGEST, Scope
from apps.access.domain.permissions import Permission
from apps.access.models import Delegation, Emergency, RoleGrant, User
from apps.access.queries import delegations, matrix, people, wording
from apps.access.queries.days import local_date
from apps.audit import actions as audit
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """From the first day to the last, both included."""

    first: dt.date
    last: dt.date


def give(*, role: str, receiver: User, scope: Scope, days: Days, reason: str, by: User, at: dt.datetime) -> Delegation:
    """Let somebody decide in a role of one's own on these days; what one decides by delegation is not passed on."""
    with audit.operation("access.delegations.give", by=by, at=at, on=receiver, reason=reason) as op:
        list(User.objects.select_for_update().filter(pk__in=[by.pk, receiver.pk]).order_by("pk"))
        if not reason.strip():
            raise Refused(_("A delegation needs a reason."), code="reason_missing")
        grant = _grant(role, by, at)
        _check_days(days, local_date(at))
        _check_scope(scope)
        _check_receiver(receiver, grant, by, at)
        _check_overlap(receiver, grant, days)
        key = _next_key()
        made = Delegation.objects.create(
            pk=key,
            reference=f"D-{key}",
            grant=grant,
            receiver=receiver,
            actions=sorted(scope.actions),
            products=sorted(scope.products),
            up_to=scope.up_to,
            start_date=days.first,
            end_date=days.last + ONE_DAY,
            reason=reason.strip(),
            made_at=at,
        )
        op.on = made
        op.sentence = f"Let {receiver.username} decide as {role} from {days.first} to {days.last}: {made.reference}."
        op.detail = {"reference": made.reference, "role": role, "receiver": receiver.actor_id}
    return made


def end(*, reference: str, by: User, at: dt.datetime) -> Delegation:
    """End a delegation before its time; whoever gave or received it may."""
    with audit.operation("access.delegations.end", by=by, at=at) as op:
        found = delegations.all_of_them().select_for_update(of=("self",)).filter(reference=reference).first()
        if found is None:
            raise Refused(_("There is no delegation %(reference)s.") % {"reference": reference}, code="unknown")
        op.on = found
        if by.pk not in (found.giver.pk, found.receiver_id):
            raise Forbidden(_("Only whoever gave or received a delegation may end it."), code="not_theirs")
        if found.ended_at is not None or local_date(at) >= found.end_date:
            words = {"reference": reference}
            raise Refused(_("Delegation %(reference)s is over already.") % words, code="over")
        found.ended_at, found.ended_by = at, by.actor_id
        found.save(update_fields=["ended_at", "ended_by"])
        op.sentence = f"Ended {reference}."
    return found


def _grant(role: str, by: User, at: dt.datetime) -> RoleGrant:
    """The giver's own grant of the role, kept as it is until the end of the transaction."""
    grants = RoleGrant.objects.select_related("role", "user").select_for_update(of=("self",))
    found = grants.filter(user=by, role__code=role, ended_at=None).first()
    words = {"role": wording.role(role, found.role.name if found else "")}
    if found is None:
        if any(held.grant.role.code == role for held in delegations.live_ones(by, local_date(at))):
            sentence = _("The role %(role)s is delegated to you; what is delegated is not passed on.") % words
            raise Forbidden(sentence, code="delegated_on")
        raise Forbidden(_("You do not hold the role %(role)s.") % words, code="role_not_held")
    if Emergency.objects.filter(grant=found).exists():
        raise Forbidden(_("A role taken in an emergency is not delegated."), code="emergency")
    if Permission.APPROVAL_DECIDE.value not in found.role.permissions:
        raise Refused(_("The role %(role)s decides nothing that could be delegated.") % words, code="role_silent")
    return found


def _check_days(days: Days, today: dt.date) -> None:
    if days.first < today:
        raise Refused(_("A delegation begins today or later."), code="begun")
    if days.last < days.first:
        raise Refused(_("A delegation ends on its first day or later."), code="ends_before")
    if days.last + ONE_DAY - days.first > LONGEST:
        raise Refused(_("A delegation lasts no longer than %(days)s days.") % {"days": LONGEST.days}, code="too_long")


def _check_scope(scope: Scope) -> None:
    if unknown := sorted(scope.actions - set(matrix.actions())):
        raise Refused(_("There is no controlled action “%(name)s”.") % {"name": unknown[0]}, code="action_unknown")
    if unknown := sorted(scope.products - {code for code, _name in registry.products()}):
        raise Refused(_("There is no product “%(name)s”.") % {"name": unknown[0]}, code="product_unknown")
    if scope.up_to is not None and scope.up_to <= 0:
        raise Refused(_("An amount is above zero, or there is no limit."), code="limit")


def _check_receiver(receiver: User, grant: RoleGrant, by: User, at: dt.datetime) -> None:
    if receiver.pk == by.pk:
        raise Refused(_("Nobody delegates to themself."), code="oneself")
    words = {"name": receiver.name, "role": wording.role(grant.role.code, grant.role.name)}
    if not receiver.is_active:
        raise Refused(_("%(name)s works here no longer.") % words, code="left")
    if not people.holds(receiver, Permission.APPROVAL_DECIDE):
        words["permission"] = wording.permission(Permission.APPROVAL_DECIDE)
        raise Refused(_("%(name)s lacks the permission “%(permission)s”.") % words, code="receiver_silent")
    held = {found.role_id: found.role for found in receiver.grants.filter(ended_at=None).select_related("role")}
    held |= {found.grant.role_id: found.grant.role for found in delegations.live_ones(receiver, local_date(at))}
    if other := people.incompatible(grant.role, held):
        words["other"] = wording.role(other.code, other.name)
        sentence = _("%(name)s holds the role %(other)s, which may not meet %(role)s in one person.") % words
        raise Refused(sentence, code="roles_incompatible")


def _check_overlap(receiver: User, grant: RoleGrant, days: Days) -> None:
    standing = Delegation.objects.filter(grant=grant, receiver=receiver, ended_at=None)
    if found := standing.filter(start_date__lte=days.last, end_date__gt=days.first).first():
        words = {"name": receiver.name, "reference": found.reference}
        raise Refused(_("%(name)s acts for you on these days already: %(reference)s.") % words, code="overlap")


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('access_delegation', 'id'))")
        return int(cursor.fetchone()[0])
