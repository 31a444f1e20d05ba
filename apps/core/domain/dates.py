"""Dates: months that are short, and the moment at which a business day ends."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last day where it lacks the day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: dt.date) -> dt.date:
    """The last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def is_month_end(day: dt.date) -> bool:
    """Whether the day is the last of its month."""
    return day == month_end(day)


def days(start: dt.date, end: dt.date) -> list[dt.date]:
    """Every day from start to end, both included."""
    return [start + dt.timedelta(n) for n in range((end - start).days + 1)]


def closing_moment(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The instant at which a business day is over: the next midnight in the product's time zone, in UTC."""
    midnight = dt.datetime.combine(day + dt.timedelta(1), dt.time.min, tzinfo=zone)
    return midnight.astimezone(dt.UTC)
