"""The lender's own days."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings


def local_date(at: dt.datetime) -> dt.date:
    """The date on which a moment falls at the lender: editions and delegations hold by it."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
