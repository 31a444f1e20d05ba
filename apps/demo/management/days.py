"""The days of the pretend lender: the history before the first close, then each day lived, worked and closed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.bills.models import ProductTerms
from apps.bills.queries import facts
from apps.closing import queries as closing
from apps.closing.actions import days
from apps.core.domain import dates
from apps.core.domain.actor import Actor
from apps.customers.domain.contact import Channel
from apps.demo.actions import lender
from apps.demo.domain import timeline
from apps.demo.domain.timeline import Timeline
from apps.demo.management import colleagues
from apps.outreach.actions import delivery
from apps.outreach.queries import messages

Progress = Callable[[dt.date], None]


@dataclass(frozen=True, slots=True)
class Book:
    """What a demo consists of; `first_date` is the first day that is closed."""

    seed: int
    customers: int
    terms: ProductTerms
    card: ProductTerms
    first_date: dt.date

    def timeline(self, end: dt.date) -> Timeline:
        """Everything that happens through a day."""
        start = self.first_date - dt.timedelta(timeline.HISTORY_DAYS)
        terms = facts.terms()
        return timeline.draw(
            self.seed, self.customers, terms[self.terms.pk], start=start, end=end, card=terms[self.card.pk]
        )

    def terms_of(self, drawn: Timeline) -> dict[int, ProductTerms]:
        """Under which conditions each person buys."""
        return {person.number: self.card if person.has_card else self.terms for person in drawn.people}


def moment(date: dt.date, hour: int = 10) -> dt.datetime:
    """An hour of a day where the lender is, in UTC."""
    return dt.datetime.combine(date, dt.time(hour), ZoneInfo(settings.TIME_ZONE)).astimezone(dt.UTC)


def live_history(*, book: Book, drawn: Timeline, by: Actor) -> int:
    """Record what was bought and paid before the first close."""
    start, end = book.first_date - dt.timedelta(timeline.HISTORY_DAYS), book.first_date - dt.timedelta(1)
    return lender.live(
        buys=drawn.buys_between(start, end),
        pays=drawn.pays_between(start, end),
        terms=book.terms_of(drawn),
        by=by,
        at=moment(end),
    )


def live_through(*, book: Book, drawn: Timeline, end: dt.date, by: Actor, progress: Progress) -> None:
    """Live, work and close every open day through the last; a day that was interrupted is gone on with."""
    last, terms = closing.last_closed_date(), book.terms_of(drawn)
    for date in dates.days(last + dt.timedelta(1) if last else book.first_date, end):
        lender.answer_debits(
            date=date, pays=drawn.pays_between(date, date + timeline.LOOK_AHEAD), by=by, at=moment(date)
        )
        lender.live(
            buys=drawn.buys.get(date, []),
            pays=drawn.pays.get(date, []),
            terms=terms,
            by=by,
            at=moment(date),
        )
        send(at=moment(date, 12), by=by)
        colleagues.work(date=date, seed=book.seed, at=moment(date, 14))
        days.close(
            date,
            partitions=1,
            since=book.first_date,
            by=by,
            at=dates.closing_moment(date, ZoneInfo(settings.TIME_ZONE)),
        )
        progress(date)


def send(*, at: dt.datetime, by: Actor) -> None:
    """Send what is due, save the mail, whose server only the site has."""
    for channel in messages.due_channels(at):
        if channel is not Channel.EMAIL:
            while delivery.deliver(channel=channel, by=by, at=at).messages:
                pass
