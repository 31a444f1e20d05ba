"""How far the book is closed."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from apps.access.models import User
from apps.access.registry import Tile
from apps.closing import registry
from apps.closing.domain import order, result
from apps.closing.domain.result import Part, Result
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day, Progress
from apps.core.domain.dates import is_month_end


def last_closed_date() -> dt.date | None:
    """The last day that is closed, none before the first."""
    last: dt.date | None = Day.objects.filter(status=DayStatus.CLOSED).aggregate(last=Max("date"))["last"]
    return last


def business_date(today: dt.date) -> dt.date:
    """The day that business is done on: the one after the last closed, today where none is closed."""
    last = last_closed_date()
    return last + order.DAY if last else today


def is_closed(date: dt.date) -> bool:
    """Whether the day was closed here."""
    return Day.objects.filter(date=date, status=DayStatus.CLOSED).exists()


def closed_month_ends(since: dt.date | None = None) -> list[dt.date]:
    """The month-ends that were closed here, from a day on, in order."""
    closed = Day.objects.filter(status=DayStatus.CLOSED).order_by("date")
    if since is not None:
        closed = closed.filter(date__gte=since)
    return [date for date in closed.values_list("date", flat=True) if is_month_end(date)]


def business_date_at(at: dt.datetime) -> dt.date:
    """The day that business is done on at a moment, by the calendar of the product's time zone where none is closed."""
    return business_date(at.astimezone(ZoneInfo(settings.TIME_ZONE)).date())


def next_day(since: dt.date | None = None) -> dt.date | None:
    """The day to close next, none in an empty book; `since` is where a book begins that lived elsewhere before."""
    last = last_closed_date()
    first = registry.first_day() if last is None else None  # a look at the whole book
    return order.next_day(last, max(first, since) if first and since else first)


def done_through(step: str) -> Callable[[int], dt.date | None]:
    """For every customer (by key) the last day for which the step is done, none before the first."""
    last = last_closed_date()
    day = Day.objects.filter(status=DayStatus.CLOSING).first()
    if day is None:
        return lambda _customer: last
    date, partitions = day.date, day.partitions
    done = set(Progress.objects.filter(day=day, step=step).values_list("partition", flat=True))
    return lambda customer: date if customer % partitions in done else last


def result_of(day: Day) -> Result:
    """What the close of a day has done so far."""
    place = {step.name: number for number, step in enumerate(registry.steps())}
    parts = [Part(p.step, p.partition, p.rows, p.seconds, p.counts) for p in day.progress.all()]
    parts.sort(key=lambda part: (place.get(part.step, len(place)), part.step, part.partition))
    seconds = (day.closed_at - day.started_at).total_seconds() if day.closed_at else 0.0
    return result.of_day(day.date, seconds, parts)


def days() -> QuerySet[Day]:
    """Days, the latest first, with their parts: each step that is done for each partition."""
    return Day.objects.order_by("-id").prefetch_related("progress")


def parts_of_a_day() -> int:
    """How many steps a day has."""
    return len(registry.steps())


def last_closed_tile(user: User) -> Tile:
    """The card of the home page that says how far the book is closed."""
    last = last_closed_date()
    if last is None:
        return Tile(_("Last closed day"), "—", _("No day is closed yet."))
    return Tile(
        _("Last closed day"), last.isoformat(), _("The next: %(day)s") % {"day": (last + order.DAY).isoformat()}
    )
