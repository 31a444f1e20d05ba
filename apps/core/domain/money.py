"""Money: Decimal through a single door, half-up to the cent."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from apps.core.domain.refusal import Refused

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
MICRO = Decimal("0.000001")
LARGEST = Decimal("999999999999.99")


def cents(amount: Decimal) -> Decimal:
    """Round half-up to the cent."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def micros(amount: Decimal) -> Decimal:
    """Round half-up to six decimals, the precision of accruals."""
    return amount.quantize(MICRO, rounding=ROUND_HALF_UP)


def parse_amount(text: str) -> Decimal:
    """Read a positive amount of money with at most two decimals; anything else is `Refused`."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        raise Refused(f"“{text}” is not an amount of money.", code="amount_not_a_number") from None
    if not amount.is_finite():
        raise Refused(f"“{text}” is not an amount of money.", code="amount_not_a_number")
    if amount <= 0:
        raise Refused(f"{text} is not above zero.", code="amount_not_positive")
    if amount > LARGEST:
        raise Refused(f"{text} is larger than an amount may be.", code="amount_too_large")
    if amount != cents(amount):
        raise Refused(f"{text} has more than two decimals.", code="amount_decimals")
    return cents(amount)


def split(total: Decimal, parts: int) -> list[Decimal]:
    """Split into equal parts of whole cents whose last takes the remainder, so that they always add up to the total."""
    if parts < 1:
        raise ValueError("an amount is split into at least one part")
    share = (total / parts).quantize(CENT, rounding="ROUND_DOWN")
    return [share] * (parts - 1) + [total - share * (parts - 1)]


def total(amounts: Sequence[Decimal]) -> Decimal:
    """Sum to the cent; nothing sums to 0.00."""
    return sum(amounts, ZERO)


def percent(rate: Decimal, places: int | None = None) -> str:
    """0.0005 as `0.05 %`, with as many places as it has or as many as told."""
    shown = Decimal(rate) * 100
    if places is not None:
        return f"{shown:.{places}f} %"
    return f"{shown.normalize():f} %" if shown else "0 %"
