"""A role taken in an emergency: for how long, and what a controller says of it afterwards."""

import datetime as dt
from enum import StrEnum

LONGEST_HOURS = 12
LONGEST = dt.timedelta(hours=LONGEST_HOURS)
REVIEW_DAYS = 1  # working days
MARK = "emergency:"  # before its reference, among the roles in which somebody acts


class Finding(StrEnum):
    """What the review found."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


class EmergencyState(StrEnum):
    """How far an emergency is."""

    LIVE = "live"
    UNREVIEWED = "unreviewed"
    OVERDUE = "overdue"  # its review is
    REVIEWED = "reviewed"


def state(*, is_live: bool, is_reviewed: bool, due_date: dt.date, today: dt.date) -> EmergencyState:
    """How far it is on a day."""
    if is_reviewed:
        return EmergencyState.REVIEWED
    if is_live:
        return EmergencyState.LIVE
    return EmergencyState.OVERDUE if today > due_date else EmergencyState.UNREVIEWED
