"""What a purchase would come to under conditions: each number of instalments, and one of them share by share."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from apps.bills.domain import price, schedule
from apps.bills.domain.kinds import Mode
from apps.bills.domain.schedule import Share
from apps.bills.domain.terms import Terms
from apps.bills.queries import caps
from apps.bills.queries.products import Costing, costing


@dataclass(frozen=True, slots=True)
class Offer:
    """A purchase in so many instalments: the first of them, the fee in all, and what it costs a year."""

    instalments: int
    first: Decimal
    fee: Decimal
    total: Decimal
    annual_rate: Decimal
    is_above: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A purchase under conditions; dates only where each purchase is due by itself."""

    amount: Decimal
    offers: tuple[Offer, ...]
    instalments: int
    shares: tuple[Share, ...]
    has_dates: bool
    costing: Costing


def of(terms: Terms, amount: Decimal, instalments: int, date: dt.date) -> Preview:
    """What a purchase on the day would come to; a number that is not offered shows the single payment."""
    known = caps.by_licence()
    costs = costing(terms, date, known)
    counts = (1, *terms.instalment_counts)
    shown = instalments if instalments in counts else 1
    return Preview(
        amount=amount,
        offers=tuple(_offer(terms, amount, count, date, costs) for count in counts),
        instalments=shown,
        shares=schedule.shares(amount, date, shown, terms),
        has_dates=terms.mode is Mode.ORDER,
        costing=costs,
    )


def _offer(terms: Terms, amount: Decimal, count: int, date: dt.date, costs: Costing) -> Offer:
    shares = schedule.shares(amount, date, count, terms)
    fee = schedule.instalment_fee(amount, count, terms)
    rate = price.of_flat_fee(terms.monthly_fee_rate, count)
    return Offer(count, shares[0].amount, fee, amount + fee, rate, costs.is_above(rate))
