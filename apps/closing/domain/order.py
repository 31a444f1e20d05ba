"""Which day is closed next: one after the other, none left out, none before it is there."""

import datetime as dt

from apps.core.domain.refusal import Refused

DAY = dt.timedelta(1)
CATCHES_UP = dt.timedelta(31)  # beyond that a clock or a book is wrong, or somebody is away: a person decides


def next_day(last_closed: dt.date | None, first: dt.date | None) -> dt.date | None:
    """The day after the last closed one, else the book's first; none where neither is known."""
    return last_closed + DAY if last_closed else first


def check(date: dt.date, *, due: dt.date | None, today: dt.date) -> None:
    """Refuse a day that is not there yet, one before the book begins, and one that would leave a day out."""
    if date > today:
        raise Refused(f"{date} has not begun: today is {today}.", code="day_in_the_future")
    if due is not None and date < due:
        raise Refused(f"{date} lies before {due}, the next day to close.", code="day_before_the_book")
    if due is not None and date > due:
        raise Refused(f"{due} comes first: days are closed in order, without a gap.", code="day_out_of_order")


def over(last_closed: dt.date | None, today: dt.date) -> dt.date | None:
    """The last day that is over and that the product closes by itself: none before a person has closed the first."""
    yesterday = today - DAY
    if last_closed is None or last_closed >= yesterday or yesterday - last_closed > CATCHES_UP:
        return None
    return yesterday
