"""Late fees and interest as they stand: what the last posting left, and what has accrued since."""

import datetime as dt
from decimal import Decimal

from django.db.models import DecimalField, F, QuerySet
from django.db.models.expressions import RawSQL

from apps.bills.models import Bill
from apps.closing import queries as closing
from apps.core import sql
from apps.core.domain.money import cents


def with_accrued(bills: QuerySet[Bill], as_of: dt.date | None) -> QuerySet[Bill]:
    """Bills with the late fee `accrued` and the interest (`interest`) through the day, to six decimals."""
    return bills.annotate(
        accrued=F("late_fee_accrued") + _derived("late_fees", as_of),
        interest=F("interest_accrued") + _derived("revolving", as_of),
    )


def _derived(name: str, as_of: dt.date | None) -> RawSQL:
    """What has come since the last posting, by one of the statements that count days."""
    counted = sql.load("bills", name).replace("%(date)s", "%s")
    since = f"coalesce((select days * daily from ({counted}) c where c.id = bills_bill.id and days > 0), 0)"  # noqa: S608
    return RawSQL(since, [as_of] * counted.count("%s"), DecimalField(max_digits=18, decimal_places=6))  # noqa: S611


def accrued(bill: Bill, as_of: dt.date | None) -> Decimal:
    """The bill's late fee through the day, to six decimals."""
    found: Decimal = with_accrued(Bill.objects.filter(pk=bill.pk), as_of).get().accrued  # type: ignore[attr-defined]
    return found


def interest_owed(bill: Bill) -> Decimal:
    """The interest that is owed to the cent: what is posted and open, and what has accrued through the last close."""
    found = with_accrued(Bill.objects.filter(pk=bill.pk), closing.last_closed_date()).get()
    return bill.open_interest + cents(found.interest) - bill.interest_posted  # type: ignore[attr-defined]


def late_fee_owed(bill: Bill) -> Decimal:
    """The late fee that is owed to the cent: what is posted and open, and what has accrued through the last close."""
    return bill.open_late_fee + cents(accrued(bill, closing.last_closed_date())) - bill.late_fee_posted


def owed_with_accrued(bill: Bill) -> Decimal:
    """All that is owed on a bill that came `with_accrued`, to the cent."""
    late_fee = cents(bill.accrued) - bill.late_fee_posted  # type: ignore[attr-defined]
    interest = cents(bill.interest) - bill.interest_posted  # type: ignore[attr-defined]
    opened = (bill.open_principal, bill.open_instalment_fee, bill.open_late_fee, bill.open_interest, bill.open_cost)
    return sum(opened, late_fee + interest)
