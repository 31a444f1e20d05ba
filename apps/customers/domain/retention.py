"""How long records must be kept: the longest period of any class of events wins."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from apps.core.domain.dates import add_months


@dataclass(frozen=True, slots=True)
class Kept:
    """Records of a class of events: the date of the last, and for how many years it is kept."""

    name: str
    last_date: dt.date
    years: int

    @property
    def end_date(self) -> dt.date:
        """The first day on which they need not be kept any more."""
        return add_months(self.last_date, 12 * self.years)


def longest(records: Iterable[Kept], on: dt.date) -> Kept | None:
    """The records that must be kept longest after the day, none where all periods are over."""
    return max((kept for kept in records if kept.end_date > on), key=lambda kept: kept.end_date, default=None)
