"""Late fees: accrued a day at a time to six decimals, posted to the cent."""

from decimal import Decimal

from apps.bills.domain.terms import Terms
from apps.core.domain.money import ZERO, micros


def daily(base: Decimal, terms: Terms) -> Decimal:
    """One late day's fee on unpaid principal and instalment fees, never below the floor; none without a rate."""
    if not terms.late_fee_daily_rate or base <= 0:
        return ZERO
    return max(micros(base * terms.late_fee_daily_rate), terms.late_fee_daily_floor)
