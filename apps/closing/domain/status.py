"""Where a business day stands."""

from enum import StrEnum


class DayStatus(StrEnum):
    """A day is being closed or closed; a day without a row is open."""

    CLOSING = "closing"
    CLOSED = "closed"
