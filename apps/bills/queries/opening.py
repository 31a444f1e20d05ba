"""Where the book begins."""

import datetime as dt

from django.db.models import Min

from apps.bills.models import Bill


def first_day() -> dt.date | None:
    """The first day to close: the day after the earliest bill was issued, none in an empty book."""
    earliest: dt.date | None = Bill.objects.aggregate(first=Min("issued_date"))["first"]
    return earliest + dt.timedelta(1) if earliest else None
