"""What a customer may promise, and when a promise is kept."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.cases.domain.status import PromiseStatus
from apps.cases.domain.strategy import PromiseRules


class Fault(StrEnum):
    """Why something is no promise."""

    ANOTHER_OPEN = "promise_open"
    NOTHING = "promise_amount"
    ABOVE_OWED = "promise_above_owed"
    IN_THE_PAST = "promise_in_the_past"
    TOO_FAR = "promise_too_far"
    TOO_MANY = "promise_too_many"
    TOO_MANY_BROKEN = "promise_too_many_broken"
    ARRANGED = "promise_arranged"
    HELD = "promise_held"


YEAR = dt.timedelta(365)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a customer's promises of the last year, and who takes this one."""

    made: int
    broken: int
    lead_agrees: bool  # a lead takes it, or has said that it may be taken
    is_arranged: bool  # an arrangement is signed: it says what is paid when
    hold: str = ""  # in force, and stops every contact


@dataclass(frozen=True, slots=True)
class Limits:
    """How many promises a year a customer may make, and with how many broken ones a promise needs a lead."""

    made: int
    broken: int


def fault(
    amount: Decimal,
    date: dt.date,
    *,
    owed: Decimal,
    has_open: bool,
    business_date: dt.date,
    rules: PromiseRules,
    past: Past | None = None,
    limits: Limits | None = None,
) -> Fault | None:
    """What is wrong with a promise: nothing, more than is owed, in the past, too far away, a second one, too many."""
    if past and past.is_arranged:
        return Fault.ARRANGED
    if past and past.hold:
        return Fault.HELD
    if has_open:
        return Fault.ANOTHER_OPEN
    if amount <= 0:
        return Fault.NOTHING
    if amount > owed:
        return Fault.ABOVE_OWED
    if date < business_date:
        return Fault.IN_THE_PAST
    if (date - business_date).days > rules.within_days:
        return Fault.TOO_FAR
    if past and limits:
        if past.made >= limits.made:
            return Fault.TOO_MANY
        if past.broken >= limits.broken and not past.lead_agrees:
            return Fault.TOO_MANY_BROKEN
    return None


def judge(amount: Decimal, promised: dt.date, *, received: Decimal, on: dt.date, rules: PromiseRules) -> PromiseStatus:
    """Kept as soon as enough was received in time, broken when the last day of grace is over without it."""
    if received >= amount:
        return PromiseStatus.KEPT
    over = promised + dt.timedelta(rules.grace_days)
    return PromiseStatus.BROKEN if on >= over else PromiseStatus.OPEN
