"""Late fees as they stand."""

from decimal import Decimal

from apps.bills.models import Bill
from apps.core.domain.money import cents


def late_fee_owed(bill: Bill) -> Decimal:
    """The late fee that is owed to the cent: what is posted and open, and what has accrued since."""
    return bill.open_late_fee + cents(bill.late_fee_accrued) - bill.late_fee_posted
