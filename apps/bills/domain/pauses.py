"""Pauses: days on which an account stands still, so that none of them counts as late and none bears a late fee."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

DAY = dt.timedelta(1)


class PauseReason(StrEnum):
    """Why an account stands still."""

    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    HARDSHIP = "hardship"
    BREATHING_SPACE = "breathing_space"
    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    FRAUD_CLAIM = "fraud_claim"
    DISASTER = "disaster"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Span:
    """The days from the start to the one before the end; without an end it is open."""

    start_date: dt.date
    end_date: dt.date | None = None

    def overlaps(self, other: "Span") -> bool:
        """Whether they have a day in common."""
        return _before(self.start_date, other.end_date) and _before(other.start_date, self.end_date)

    def holds(self, day: dt.date) -> bool:
        """Whether it is one of the days."""
        return self.start_date <= day and _before(day, self.end_date)


def _before(day: dt.date, end: dt.date | None) -> bool:
    return end is None or day < end


def paused_days(pauses: Iterable[Span], after: dt.date, through: dt.date) -> int:
    """How many of the days after one and up to another lie in a pause; pauses have no day in common."""
    return sum(
        max((min(through + DAY, pause.end_date or through + DAY) - max(after + DAY, pause.start_date)).days, 0)
        for pause in pauses
    )


def late_since(oldest_due: dt.date | None, pauses: Iterable[Span], on: dt.date) -> dt.date | None:
    """The oldest due date moved on by every day since that was paused: days past due on the day count from it."""
    return oldest_due + dt.timedelta(paused_days(pauses, oldest_due, on)) if oldest_due else None
