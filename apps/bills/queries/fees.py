"""Late fees as they stand: what the last posting left, and what has accrued since."""

import datetime as dt
from decimal import Decimal

from django.db.models import DecimalField, F, QuerySet
from django.db.models.expressions import RawSQL

from apps.bills.models import Bill
from apps.closing import queries as closing
from apps.core import sql
from apps.core.domain.money import cents


def with_accrued(bills: QuerySet[Bill], as_of: dt.date | None) -> QuerySet[Bill]:
    """Bills with the late fee `accrued` through the day, to six decimals."""
    late = sql.load("bills", "late_fees").replace("%(date)s", "%s")
    since = f"coalesce((select days * daily from ({late}) late where late.id = bills_bill.id and days > 0), 0)"  # noqa: S608
    derived = RawSQL(since, [as_of] * late.count("%s"), DecimalField(max_digits=18, decimal_places=6))  # noqa: S611
    return bills.annotate(accrued=F("late_fee_accrued") + derived)


def accrued(bill: Bill, as_of: dt.date | None) -> Decimal:
    """The bill's late fee through the day, to six decimals."""
    found: Decimal = with_accrued(Bill.objects.filter(pk=bill.pk), as_of).get().accrued  # type: ignore[attr-defined]
    return found


def late_fee_owed(bill: Bill) -> Decimal:
    """The late fee that is owed to the cent: what is posted and open, and what has accrued through the last close."""
    return bill.open_late_fee + cents(accrued(bill, closing.last_closed_date())) - bill.late_fee_posted
