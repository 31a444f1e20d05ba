"""Requests for controlled actions: what is asked, who may decide, what counts together."""

import datetime as dt
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet, Sum

from apps.access import registry
from apps.access.domain import approval, authority
from apps.access.domain.approval import Bar, Decider, RequestStatus, Standing, Verdict
from apps.access.domain.permissions import Permission
from apps.access.models import ApprovalComment, ApprovalDecision, ApprovalRequest, User
from apps.access.queries import delegations, objections, people, wording
from apps.access.queries.days import local_date
from apps.core.texts import gettext as _

COUNTING = (RequestStatus.REQUESTED, RequestStatus.APPROVED)  # what was refused or taken back counts for nothing


def visible_to(user: User) -> QuerySet[ApprovalRequest]:
    """The requests that the user may see: all with the permission, their own without; newest first."""
    decisions = ApprovalDecision.objects.select_related("decided_by", "on_behalf_of", "delegation")
    decisions = decisions.order_by("decided_at", "pk")
    found = ApprovalRequest.objects.select_related("made_by", "rule__version").prefetch_related(
        Prefetch("decisions", queryset=decisions),
        Prefetch("comments", queryset=ApprovalComment.objects.select_related("said_by").order_by("pk")),
    )
    if not people.holds(user, Permission.APPROVAL_READ):
        found = found.filter(made_by=user)
    if user.customer_reference:
        found = found.exclude(customer_reference=user.customer_reference)
    seen: QuerySet[ApprovalRequest] = registry.within_walls(found, user)
    return seen.order_by("-pk")


def waiting_for(user: User, at: dt.datetime) -> QuerySet[ApprovalRequest]:
    """The open requests that this user may decide now, in their own name or in another's."""
    decider = decider_of(user, at)
    roles = [*decider.roles, *(mandate.role for mandate in decider.mandates if mandate.lapse is None)]
    found = (
        visible_to(user)
        .filter(status=RequestStatus.REQUESTED, rule__approvers__overlap=roles)
        .exclude(made_by=user)
        .exclude(made_by__in=decider.superiors)
        .exclude(decisions__decided_by=user)
    )
    if user.customer_reference:
        found = found.exclude(customer_reference=user.customer_reference)
    blocked = [request.pk for request in found if approval.objection(standing(request), decider)]
    return found.exclude(pk__in=blocked) if blocked else found


def people_of(user: User) -> QuerySet[User]:
    """The user's team: whoever is in it and whoever reports to them, without themself."""
    together = Q(reports_to=user) if user.team_id is None else Q(reports_to=user) | Q(team=user.team_id)
    return User.objects.filter(together).exclude(pk=user.pk)


def standing(request: ApprovalRequest) -> Standing:
    """The request as the domain weighs it."""
    agreed = [
        (decision.decided_by_id, decision.role)
        for decision in request.decisions.all()
        if decision.verdict == Verdict.APPROVE
    ]
    return Standing(
        request.status,
        request.made_by_id,
        request.customer_reference,
        tuple(request.rule.approvers),
        tuple(agreed),
        request.rule.in_order,
        tuple(d.on_behalf_of_id for d in request.decisions.all() if d.on_behalf_of_id is not None),
        request.action,
        str(request.facts.get("product", "")),
        request.counted_amount,
    )


def decider_of(user: User, at: dt.datetime) -> Decider:
    """The user as the domain weighs them, with whom they act for at that moment."""
    return Decider(
        user.pk,
        tuple(people.roles_at(user, at)),
        frozenset(people.superiors_of(user)),
        user.customer_reference,
        delegations.mandates_of(user, local_date(at)),
    )


def why_not(request: ApprovalRequest, decider: Decider) -> str | None:
    """The sentence that keeps this person from deciding, or None."""
    found = approval.weigh(standing(request), decider)
    return objections.sentence(found, request) if isinstance(found, Bar) else None


def in_whose_name(request: ApprovalRequest, decider: Decider) -> User | None:
    """For whom this person would decide, None where it is in their own name or not at all."""
    found = approval.weigh(standing(request), decider)
    mandate = None if isinstance(found, Bar) else found.mandate
    return User.objects.get(pk=mandate.giver) if mandate else None


def consequence(request: ApprovalRequest, decider: Decider) -> str:
    """What this person's yes would do: carry the action out, or leave it to others; empty where they may not decide."""
    now = standing(request)
    voice = approval.weigh(now, decider)
    if isinstance(voice, Bar):
        return ""
    left = now.missing()
    left.remove(voice.role)
    if not left:
        return _("Your approval is the last: it carries the action out at once.")
    return _("After you there must still agree: %(roles)s.") % {"roles": wording.roles(left)}


def progress(request: ApprovalRequest) -> list[tuple[str, str]]:
    """Every role that the rule names, with who agreed in it, or nobody yet."""
    agreed = [(d.role, wording.speaker(d)) for d in request.decisions.all() if d.verdict == Verdict.APPROVE]
    waiting = [(role, "") for role in standing(request).missing()]
    return [(wording.role(role), name) for role, name in agreed + waiting]


def asked_before(maker: User, customer_reference: str, action: str, at: dt.datetime) -> Decimal:
    """What the maker asked for this customer by this action within the days that are added up."""
    since = at - dt.timedelta(days=authority.SPLITTING_DAYS)
    found = ApprovalRequest.objects.filter(
        made_by=maker, customer_reference=customer_reference, action=action, status__in=COUNTING, made_at__gt=since
    )
    return found.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")


def asked_on(day: tuple[dt.datetime, dt.datetime], **who: object) -> Decimal:
    """What was asked within a day by a maker or for a customer, all actions together."""
    found = ApprovalRequest.objects.filter(status__in=COUNTING, made_at__gte=day[0], made_at__lt=day[1], **who)
    return found.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")


def overdue(at: dt.datetime) -> QuerySet[ApprovalRequest]:
    """Open requests whose time is up."""
    return ApprovalRequest.objects.filter(status=RequestStatus.REQUESTED, expires_at__lte=at)
