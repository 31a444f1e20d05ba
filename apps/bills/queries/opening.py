"""Where the book begins."""

import datetime as dt

from django.db.models import Min

from apps.bills.models import Bill, Purchase


def first_day() -> dt.date | None:
    """The first day to close: after the earliest bill or purchase that waits for its bill, none in an empty book."""
    billed: dt.date | None = Bill.objects.aggregate(first=Min("issued_date"))["first"]
    waiting: dt.date | None = Purchase.objects.filter(bill=None).aggregate(first=Min("purchased_date"))["first"]
    earliest = min((day for day in (billed, waiting) if day), default=None)
    return earliest + dt.timedelta(1) if earliest else None
