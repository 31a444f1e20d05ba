"""Working days by the calendar that the State Council publishes, make-up days included; never guessed beyond it."""

import datetime as dt

import chinese_calendar
from chinese_calendar.constants import holidays

from apps.core.domain.refusal import Refused

DAY = dt.timedelta(1)
FIRST_YEAR, LAST_YEAR = min(holidays).year, max(holidays).year


class Unpublished(Refused):
    """A day of a year whose working days nobody has published, or that lies before all that were."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"The working days of {year} are not published: the calendar holds {FIRST_YEAR} to {LAST_YEAR}.",
            code="working_days_unpublished",
        )
        self.year = year


def is_working_day(day: dt.date) -> bool:
    """Whether offices and banks work on the day."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unpublished(day.year)
    return bool(chinese_calendar.is_workday(day))


def on_or_before(day: dt.date) -> dt.date:
    """The day itself if it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= DAY
    return day


def on_or_after(day: dt.date) -> dt.date:
    """The day itself if it is a working day, else the next one."""
    while not is_working_day(day):
        day += DAY
    return day


def after(day: dt.date, working_days: int) -> dt.date:
    """The day that many working days later; 0 is the day itself, whatever it is."""
    for _ in range(working_days):
        day = on_or_after(day + DAY)
    return day
