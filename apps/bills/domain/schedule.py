"""What of a purchase is due when."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from apps.bills.domain.terms import Terms
from apps.core.domain.dates import add_months
from apps.core.domain.money import ZERO, cents, split


@dataclass(frozen=True, slots=True)
class Share:
    """One instalment: `amount` is due on `due_date`, `fee` of it the instalment fee, the rest principal."""

    number: int
    due_date: dt.date
    amount: Decimal
    fee: Decimal = ZERO


def instalment_fee(principal: Decimal, instalments: int, terms: Terms) -> Decimal:
    """The whole flat fee: each period's share of the principal, rounded, times the periods; none if deferred."""
    return cents(principal * terms.monthly_fee_rate) * instalments if instalments > 1 else ZERO


def shares(principal: Decimal, purchased: dt.date, instalments: int, terms: Terms) -> tuple[Share, ...]:
    """Split a purchase: deferred once, or in equal parts on the day of each month; the last takes the remainder."""
    if instalments == 1:
        return (Share(1, purchased + dt.timedelta(terms.deferred_days), principal),)
    fee = cents(principal * terms.monthly_fee_rate)
    return tuple(
        Share(number, add_months(purchased, number), part + fee, fee)
        for number, part in enumerate(split(principal, instalments), start=1)
    )
