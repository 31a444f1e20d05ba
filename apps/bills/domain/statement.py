"""What a month's statement bills: the next share of every purchase that waits."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from apps.bills.domain import schedule
from apps.bills.domain.terms import Terms
from apps.core.domain.dates import is_month_end
from apps.core.domain.money import ZERO, cents, split


@dataclass(frozen=True, slots=True)
class Waiting:
    """A purchase with shares that no statement has billed; `refunded` was given back before it was billed."""

    purchase: int
    amount: Decimal
    instalments: int
    terms: Terms
    billed: int = 0  # shares
    refunded: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """One share of a purchase on a statement."""

    purchase: int
    number: int
    principal: Decimal
    fee: Decimal


def is_cut(statement_day: int, on: dt.date) -> bool:
    """Whether statements are cut on the day; a day that the month lacks is its last, 0 is never."""
    return statement_day == on.day or (is_month_end(on) and statement_day > on.day)


def line(waiting: Waiting) -> Line:
    """The next share: what was refunded lowers the last shares first, and a share's fee in proportion."""
    full = split(waiting.amount, waiting.instalments)
    number = waiting.billed + 1
    of_later = sum(full[number:], ZERO)
    part = full[number - 1]
    principal = max(part - max(waiting.refunded - of_later, ZERO), ZERO)
    fee = schedule.instalment_fee(waiting.amount, waiting.instalments, waiting.terms) / waiting.instalments
    return Line(waiting.purchase, number, principal, cents(fee * principal / part) if part else ZERO)
