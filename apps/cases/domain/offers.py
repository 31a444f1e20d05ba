"""The policy for promises and arrangements: who may offer what to whom, read from its document and checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.access.domain.roles import RoleCode
from apps.cases.domain.arrangements import LONGEST, ArrangementKind


@dataclass(frozen=True, slots=True)
class Offer:
    """What a role may propose: from how many days past due, up to which debt, how much of it forgiven, how long."""

    kind: ArrangementKind
    role: str
    from_day: int
    most_debt: Decimal | None  # none: any
    most_forgiven: Decimal  # a share of the debt
    most_months: int


@dataclass(frozen=True, slots=True)
class Policy:
    """One edition of the rules."""

    grace_days: int  # after the date of a payment
    signing_days: int  # after the approval
    promises_a_year: int
    broken_promises: int  # with so many in a year a promise needs a lead
    highest_ratio: Decimal  # debts to income
    least_left: Decimal  # to live on, a month
    offers: tuple[Offer, ...]


def read(document: Mapping[str, Any]) -> Policy:
    """The edition that a document holds."""
    return Policy(
        document["grace_days"],
        document["signing_days"],
        document["promises_a_year"],
        document["broken_promises"],
        Decimal(document["highest_ratio"]),
        Decimal(document["least_left"]),
        tuple(
            Offer(
                ArrangementKind(said["kind"]),
                said["role"],
                said["from_day"],
                None if said["most_debt"] is None else Decimal(said["most_debt"]),
                Decimal(said["most_forgiven"]),
                said["most_months"],
            )
            for said in document["offers"]
        ),
    )


def may_offer(
    offers: Iterable[Offer],
    roles: Sequence[str],
    *,
    kind: ArrangementKind,
    days_past_due: int,
    debt: Decimal,
    forgiven: Decimal,
    months: int,
) -> Offer | None:
    """The line under which somebody with these roles may propose it, none where there is none."""
    return next(
        (
            offer
            for offer in offers
            if offer.role in roles
            and offer.kind is kind
            and days_past_due >= offer.from_day
            and (offer.most_debt is None or debt <= offer.most_debt)
            and forgiven <= offer.most_forgiven * debt
            and months <= offer.most_months
        ),
        None,
    )


def _offer(kind: str, role: str, from_day: int, most_debt: str | None, forgiven: str, months: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "role": role,
        "from_day": from_day,
        "most_debt": most_debt,
        "most_forgiven": forgiven,
        "most_months": months,
    }


PLAN, SETTLE, RE_AGE, HARDSHIP = (
    ArrangementKind.PAYMENT_PLAN.value,
    ArrangementKind.SETTLEMENT.value,
    ArrangementKind.RE_AGE.value,
    ArrangementKind.HARDSHIP_PLAN.value,
)
SHIPPED: dict[str, Any] = {
    "grace_days": 3,
    "signing_days": 7,
    "promises_a_year": 12,
    "broken_promises": 3,
    "highest_ratio": "0.50",
    "least_left": "1000.00",
    "offers": [
        _offer(PLAN, RoleCode.AGENT.value, 1, "20000.00", "0", 12),
        _offer(HARDSHIP, RoleCode.AGENT.value, 1, "20000.00", "1", 12),
        _offer(PLAN, RoleCode.SENIOR_AGENT.value, 1, "50000.00", "0", 24),
        _offer(HARDSHIP, RoleCode.SENIOR_AGENT.value, 1, "50000.00", "1", 24),
        _offer(RE_AGE, RoleCode.SENIOR_AGENT.value, 31, "50000.00", "0", 36),
        _offer(SETTLE, RoleCode.SENIOR_AGENT.value, 61, "20000.00", "0.30", 6),
        *(
            _offer(kind, role, from_day, None, forgiven, LONGEST)
            for role, forgiven in ((RoleCode.TEAM_LEAD.value, "0.50"), (RoleCode.MANAGER.value, "0.90"))
            for kind, from_day in ((PLAN, 1), (HARDSHIP, 1), (RE_AGE, 1), (SETTLE, 31))
        ),
    ],
}
