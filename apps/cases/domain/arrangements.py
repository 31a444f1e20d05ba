"""Arrangements with a customer: the kinds, the states and which follows which, and the verdict of the ledger."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.cases.domain.moves import Moves
from apps.core.domain.money import ZERO

LONGEST = 60  # months


class ArrangementKind(StrEnum):
    """What is agreed."""

    PAYMENT_PLAN = "payment_plan"  # the whole debt in instalments
    SETTLEMENT = "settlement"  # a part by one or more dates, the rest forgiven once it is there
    RE_AGE = "re_age"  # all open bills fall due anew, by the ledger's own restructuring
    HARDSHIP_PLAN = "hardship_plan"  # smaller payments, late fees forgiven once they are made


class ArrangementStatus(StrEnum):
    """Where an arrangement stands; `active` is signed."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    KEPT = "kept"
    BREACHED = "breached"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"


class Signature(StrEnum):
    """How the customer agreed."""

    LINK = "link"
    RECORDING = "recording"


S = ArrangementStatus
MOVES: Moves[ArrangementStatus] = {
    S.PROPOSED: frozenset({S.APPROVED, S.REJECTED, S.WITHDRAWN, S.EXPIRED, S.VOID}),
    S.APPROVED: frozenset({S.ACTIVE, S.WITHDRAWN, S.EXPIRED, S.VOID}),
    S.ACTIVE: frozenset({S.KEPT, S.BREACHED}),
    S.KEPT: frozenset({S.ACTIVE, S.BREACHED}),  # money that came bounced
    S.BREACHED: frozenset({S.ACTIVE, S.KEPT}),  # money is known late, and came in time
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.EXPIRED: frozenset(),
    S.VOID: frozenset(),
}
LIVE = (S.PROPOSED, S.APPROVED, S.ACTIVE)  # a customer has one of these at most
SIGNED = (S.ACTIVE, S.KEPT, S.BREACHED)
FORGIVING = (ArrangementKind.SETTLEMENT, ArrangementKind.HARDSHIP_PLAN)


@dataclass(frozen=True, slots=True)
class Part:
    """One payment that was agreed, and the day by whose end it is made."""

    number: int
    due_date: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """Money that came and stands."""

    date: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaidPart:
    """A payment as it stands: how much of it is there, and whether its time with the grace is over without it."""

    part: Part
    paid: Decimal
    is_missed: bool

    @property
    def open(self) -> Decimal:
        """What is missing of it."""
        return self.part.amount - self.paid


def standing(
    parts: Sequence[Part], money: Iterable[Money], *, since: dt.date, on: dt.date, grace_days: int
) -> list[PaidPart]:
    """What money since the signature has met, the first payment first; a payment counts until its grace is over."""
    came = [one for one in money if since <= one.date <= on]
    total = sum((one.amount for one in came), ZERO)
    found, before = [], ZERO
    for part in parts:
        last = part.due_date + dt.timedelta(grace_days)
        in_time = sum((one.amount for one in came if one.date <= last), ZERO)
        paid = min(max(total - before, ZERO), part.amount)
        before += part.amount
        found.append(PaidPart(part, paid, on >= last and in_time < before))
    return found


def judge(
    parts: Sequence[Part], money: Iterable[Money], *, since: dt.date, on: dt.date, grace_days: int
) -> ArrangementStatus:
    """Breached once a payment was missed, kept as soon as everything is there, active until one of the two."""
    found = standing(parts, money, since=since, on=on, grace_days=grace_days)
    if any(paid.is_missed for paid in found):
        return S.BREACHED
    return S.KEPT if not any(paid.open for paid in found) else S.ACTIVE
