"""Everything that will happen to a pretend lender's customers, by day."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from apps.bills.domain.terms import Terms
from apps.demo.domain import behaviour, people, shapes
from apps.demo.domain.behaviour import Buy, Pay
from apps.demo.domain.people import Person

HISTORY_DAYS = 150  # lived before the first close, so that there are old debts too
CLOSED_DAYS = 90
LOOK_AHEAD = dt.timedelta(12)  # a debit comes before its due date by no more than a holiday


@dataclass(frozen=True, slots=True)
class Timeline:
    """The people, and what they buy and pay on each day."""

    people: tuple[Person, ...]
    buys: dict[dt.date, list[Buy]] = field(default_factory=lambda: defaultdict(list))
    pays: dict[dt.date, list[Pay]] = field(default_factory=lambda: defaultdict(list))

    def buys_between(self, start: dt.date, end: dt.date) -> list[Buy]:
        """Purchases from start to end, both included, in order of day and person."""
        return [buy for day in sorted(self.buys) if start <= day <= end for buy in self.buys[day]]

    def pays_between(self, start: dt.date, end: dt.date) -> list[Pay]:
        """Repayments from start to end, both included, in order of day and person."""
        return [pay for day in sorted(self.pays) if start <= day <= end for pay in self.pays[day]]


def draw(
    seed: int, customers: int, terms: Terms, *, start: dt.date, end: dt.date, card: Terms | None = None
) -> Timeline:
    """Draw the lives of so many people; the same seed and days draw the same lives.

    With `card`, some of them buy under these conditions, shortly before the first close and since.
    """
    timeline = Timeline(tuple(people.person(seed, n, start=start) for n in range(1, customers + 1)))
    for person in timeline.people:
        under, since = terms, start
        if card is not None and person.has_card:
            under, since = card, start + dt.timedelta(HISTORY_DAYS - shapes.CARD_HISTORY_DAYS)
        for buy in behaviour.purchases(seed, person, start=since, end=end):
            timeline.buys[buy.date].append(buy)
            for pay in behaviour.payments(seed, person, buy, under):
                timeline.pays[pay.date].append(pay)
    return timeline
