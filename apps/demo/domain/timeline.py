"""Everything that will happen to a pretend lender's customers, by day."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from apps.bills.domain.terms import Terms
from apps.demo.domain import behaviour, people
from apps.demo.domain.behaviour import Buy, Pay
from apps.demo.domain.people import Person

HISTORY_DAYS = 150  # lived before the first close, so that there are old debts too
CLOSED_DAYS = 90


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


def draw(seed: int, customers: int, terms: Terms, *, start: dt.date, end: dt.date) -> Timeline:
    """Draw the lives of so many people; the same seed and days draw the same lives."""
    timeline = Timeline(tuple(people.person(seed, n, start=start) for n in range(1, customers + 1)))
    for person in timeline.people:
        for buy in behaviour.purchases(seed, person, start=start, end=end):
            timeline.buys[buy.date].append(buy)
            for pay in behaviour.payments(seed, person, buy, terms):
                timeline.pays[pay.date].append(pay)
    return timeline
