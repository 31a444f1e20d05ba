"""What a text or number must be to count as an amount of money or a date; how it is wrong otherwise."""

import datetime as dt
import re
from decimal import Decimal
from enum import StrEnum

from apps.core.domain.money import CENT

LARGEST = Decimal("9999999999.99")  # ten digits before the point
EARLIEST = dt.date(1900, 1, 1)  # an earlier date is a slip
NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]*)?")


class Fault(StrEnum):
    """How an input is wrong."""

    NOT_A_NUMBER = "amount_not_a_number"
    NOT_POSITIVE = "amount_not_positive"
    DECIMALS = "amount_decimals"
    TOO_LARGE = "amount_too_large"
    TOO_EARLY = "date_too_early"
    AFTER_BUSINESS_DATE = "date_after_business_date"
    BEFORE_BILL = "date_before_bill"
    BEFORE_PURCHASE = "date_before_purchase"
    CURRENCY = "currency_other"


def amount_fault(text: str) -> Fault | None:
    """How a text is not an amount of money above zero in whole cents; None where it is one."""
    if not NUMBER.fullmatch(text):
        return Fault.NOT_A_NUMBER
    amount = Decimal(text)
    if amount <= 0:
        return Fault.NOT_POSITIVE
    if amount % CENT:
        return Fault.DECIMALS
    return Fault.TOO_LARGE if amount > LARGEST else None


def date_fault(date: dt.date, business_date: dt.date) -> Fault | None:
    """How a day cannot be one on which money moved."""
    if date < EARLIEST:
        return Fault.TOO_EARLY
    return Fault.AFTER_BUSINESS_DATE if date > business_date else None
