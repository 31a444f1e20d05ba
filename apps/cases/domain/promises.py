"""What a customer may promise, and when a promise is kept."""

import datetime as dt
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


def fault(
    amount: Decimal, date: dt.date, *, owed: Decimal, has_open: bool, business_date: dt.date, rules: PromiseRules
) -> Fault | None:
    """What is wrong with a promise: nothing, more than is owed, in the past, too far away, or a second one."""
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
    return None


def judge(amount: Decimal, promised: dt.date, *, received: Decimal, on: dt.date, rules: PromiseRules) -> PromiseStatus:
    """Kept as soon as enough was received in time, broken when the last day of grace is over without it."""
    if received >= amount:
        return PromiseStatus.KEPT
    over = promised + dt.timedelta(rules.grace_days)
    return PromiseStatus.BROKEN if on >= over else PromiseStatus.OPEN
