"""The authority matrix: the edition in force, the line that holds, what a new edition may be and what it changes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from apps.access import registry
from apps.access.domain import approval, authority
from apps.access.domain import matrix as domain
from apps.access.domain.approval import Decider, RequestStatus, Standing
from apps.access.domain.authority import Tier
from apps.access.domain.matrix import Line
from apps.access.domain.permissions import Permission
from apps.access.models import ApprovalRequest, AuthorityRule, AuthorityVersion, Role, User
from apps.access.queries import approvals, matrix_wording, people
from apps.access.queries.days import local_date as local_date
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

ACTION = "access.publish_matrix"
SUBJECT = "access.authorityversion"
IN_ORDER = ("action", "product", F("up_to").asc(nulls_last=True))


@dataclass(frozen=True)
class Draft:
    """A new edition as it is proposed."""

    effective_date: dt.date
    note: str
    maker_daily_limit: Decimal | None
    customer_daily_limit: Decimal | None
    lines: tuple[Line, ...]


def version_in_force(date: dt.date) -> AuthorityVersion | None:
    """The edition of the matrix that holds on a date."""
    return AuthorityVersion.objects.filter(effective_date__lte=date).order_by("-effective_date").first()


def versions() -> QuerySet[AuthorityVersion]:
    """Every edition with its lines in order, the newest first."""
    rules = Prefetch("rules", queryset=AuthorityRule.objects.order_by(*IN_ORDER))
    return AuthorityVersion.objects.prefetch_related(rules).order_by("-number")


def lines_in_force(date: dt.date) -> QuerySet[AuthorityRule]:
    """The lines in force on a date, by action and amount."""
    return AuthorityRule.objects.filter(version=version_in_force(date)).order_by(*IN_ORDER)


def lines_of(version: AuthorityVersion | None) -> list[Line]:
    """An edition as the domain weighs it; nothing where there is none."""
    return [line_of(rule) for rule in version.rules.all()] if version else []


def line_of(rule: AuthorityRule) -> Line:
    """A line as the domain weighs it."""
    tier = Tier(rule.tier, rule.up_to, tuple(rule.approvers), rule.fees_only, rule.in_order, rule.in_bulk)
    return Line(rule.action, tier, rule.product)


def rule_for(
    version: AuthorityVersion, action: str, amount: Decimal, *, fees_only: bool, product: str = domain.ANY_PRODUCT
) -> AuthorityRule | None:
    """The line of the matrix under which the amount falls."""
    rules = {line_of(rule): rule for rule in version.rules.filter(action=action)}
    tier = authority.tier_for(domain.tiers_of(list(rules), action, product), amount, fees_only=fees_only)
    return next((rule for line, rule in rules.items() if line.tier == tier and line.product in (product, "")), None)


def deciders() -> dict[str, int]:
    """For every role, how many people hold it and may decide."""
    deciding = User.objects.filter(
        is_active=True,
        grants__ended_at=None,
        grants__role__permissions__contains=[Permission.APPROVAL_DECIDE.value],
    ).values("pk")
    live = Q(grants__ended_at=None, grants__user__in=deciding)
    counted = Role.objects.annotate(people=Count("grants__user", filter=live, distinct=True))
    return dict(counted.values_list("code", "people"))


def actions() -> list[str]:
    """Every action that a line may rule: the declared ones, and the shipped ones that no app declares yet."""
    return sorted({found.name for found in registry.actions()} | set(authority.SHIPPED))


def problems(lines: Sequence[Line]) -> list[str]:
    """What is wrong with these lines as a matrix, in sentences."""
    found = domain.faults(
        lines,
        required=[action.name for action in registry.actions()],
        known=actions(),
        products=[code for code, _name in registry.products()],
        deciders=deciders(),
    )
    return [matrix_wording.fault(fault) for fault in found]


def check(draft: Draft, today: dt.date) -> None:
    """Nothing, or the refusal of an edition that may not be published."""
    if draft.effective_date <= today:
        words = {"date": draft.effective_date, "today": today}
        raise Refused(
            _("A matrix takes effect after today, %(today)s; %(date)s has begun.") % words, code="effective_date"
        )
    if taken := AuthorityVersion.objects.filter(effective_date__gte=draft.effective_date).first():
        after = {"number": taken.number, "date": taken.effective_date}
        raise Refused(
            _("Matrix %(number)s takes effect on %(date)s; the next one does after that.") % after, code="date_taken"
        )
    for limit in (draft.maker_daily_limit, draft.customer_daily_limit):
        if limit is not None and limit <= 0:
            raise Refused(_("A daily limit is above zero, or there is none."), code="limit")
    if found := problems(draft.lines):
        raise Refused(matrix_wording.together(found), code="matrix_faulty")
    if not differences(latest(), draft):
        raise Refused(_("The proposed matrix is the same as the latest one."), code="unchanged")


def latest() -> AuthorityVersion | None:
    """The last edition published, in force or not yet."""
    return versions().first()


def differences(before: AuthorityVersion | None, draft: Draft) -> list[matrix_wording.Difference]:
    """What the draft changes in an edition, for people to read."""
    limits = (before.maker_daily_limit, before.customer_daily_limit) if before else (None, None)
    return [
        *matrix_wording.limits(limits, (draft.maker_daily_limit, draft.customer_daily_limit)),
        *matrix_wording.differences(domain.changes(lines_of(before), draft.lines)),
    ]


def draft_of(version: AuthorityVersion) -> Draft:
    """An edition as it was proposed."""
    return Draft(
        version.effective_date,
        version.note,
        version.maker_daily_limit,
        version.customer_daily_limit,
        tuple(lines_of(version)),
    )


def as_payload(draft: Draft) -> dict[str, Any]:
    """The draft as a request holds it."""
    return {
        "effective_date": draft.effective_date.isoformat(),
        "note": draft.note,
        "maker_daily_limit": _text(draft.maker_daily_limit),
        "customer_daily_limit": _text(draft.customer_daily_limit),
        "lines": [
            {
                "action": line.action,
                "product": line.product,
                "tier": line.tier.code,
                "up_to": _text(line.tier.up_to),
                "fees_only": line.tier.fees_only,
                "approvers": list(line.tier.approvers),
                "in_order": line.tier.in_order,
                "in_bulk": line.tier.in_bulk,
            }
            for line in domain.in_order(draft.lines)
        ],
    }


def from_payload(payload: dict[str, Any]) -> Draft:
    """The draft that a request holds."""
    return Draft(
        dt.date.fromisoformat(payload["effective_date"]),
        payload["note"],
        _amount(payload["maker_daily_limit"]),
        _amount(payload["customer_daily_limit"]),
        tuple(
            Line(
                said["action"],
                Tier(
                    said["tier"],
                    _amount(said["up_to"]),
                    tuple(said["approvers"]),
                    said["fees_only"],
                    said["in_order"],
                    said.get("in_bulk", False),  # asked for before lines said so
                ),
                said["product"],
            )
            for said in payload["lines"]
        ),
    )


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What a proposal rests on: the edition that it was drawn from, and how much it changes."""
    draft, base = from_payload(payload), latest()
    return {
        "base_version": base.number if base else 0,
        "effective_date": draft.effective_date.isoformat(),
        "lines_changed": len(domain.changes(lines_of(base), draft.lines)),
        "maker_daily_limit": _text(draft.maker_daily_limit),
        "customer_daily_limit": _text(draft.customer_daily_limit),
    }


def proposals(user: User) -> QuerySet[ApprovalRequest]:
    """The proposals of new editions that the user may see, the newest first."""
    return approvals.visible_to(user).filter(action=ACTION)


@dataclass(frozen=True)
class Need:
    """Who would have to agree: the tier, or none where the matrix has a hole, and who could."""

    tier: Tier | None
    people: tuple[tuple[str, tuple[str, ...]], ...] = ()  # for every role that is asked, in words, its people


def need(
    lines: Sequence[Line], *, action: str, product: str, amount: Decimal, fees_only: bool, maker: User | None = None
) -> Need:
    """Who would have to agree to an action under these lines; `maker` and whoever reports to them is left out."""
    tier = authority.tier_for(domain.tiers_of(lines, action, product), amount, fees_only=fees_only)
    if tier is None:
        return Need(None)
    standing = Standing(RequestStatus.REQUESTED, maker.pk if maker else 0, "", tier.approvers)
    holding = _holding(tier.approvers)
    free = [(user, roles) for user, roles in holding if _free(standing, user, roles)]
    return Need(
        tier,
        tuple(
            (matrix_wording.role(role), tuple(user.name for user, roles in free if role in roles))
            for role in dict.fromkeys(tier.approvers)
        ),
    )


def _holding(roles: Iterable[str]) -> list[tuple[User, list[str]]]:
    """The people who hold one of the roles and may decide."""
    wanted = User.objects.filter(is_active=True, grants__ended_at=None, grants__role__code__in=set(roles))
    deciding = (user for user in wanted.distinct().order_by("name") if people.holds(user, Permission.APPROVAL_DECIDE))
    return [(user, people.roles_of(user)) for user in deciding]


def _free(standing: Standing, user: User, roles: Sequence[str]) -> bool:
    decider = Decider(user.pk, tuple(roles), frozenset(people.superiors_of(user)))
    return approval.objection(standing, decider) is None


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
