"""What a customer may promise, and when a promise is kept."""

import datetime as dt
from decimal import Decimal

from apps.cases.domain.status import PromiseStatus
from apps.cases.domain.strategy import PromiseRules
from apps.core.domain.refusal import Refused


def check(
    amount: Decimal, date: dt.date, *, owed: Decimal, has_open: bool, business_date: dt.date, rules: PromiseRules
) -> None:
    """Refuse a promise that is none: nothing, more than is owed, in the past, too far away, or a second one."""
    if has_open:
        raise Refused("There is an open promise already; it is judged first.", code="promise_open")
    if amount <= 0:
        raise Refused("A promise is for an amount above zero.", code="promise_amount")
    if amount > owed:
        raise Refused(f"{amount} is more than the {owed} that is owed.", code="promise_above_owed")
    if date < business_date:
        raise Refused(f"{date} is in the past: today is {business_date}.", code="promise_in_the_past")
    if (date - business_date).days > rules.within_days:
        raise Refused(f"A promise is for {rules.within_days} days ahead at most.", code="promise_too_far")


def judge(amount: Decimal, promised: dt.date, *, received: Decimal, on: dt.date, rules: PromiseRules) -> PromiseStatus:
    """Kept as soon as enough was received in time, broken when the last day of grace is over without it."""
    if received >= amount:
        return PromiseStatus.KEPT
    over = promised + dt.timedelta(rules.grace_days)
    return PromiseStatus.BROKEN if on >= over else PromiseStatus.OPEN
