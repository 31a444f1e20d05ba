"""Days past due, buckets and the classifications that follow from them (domain facts, section 4)."""

import datetime as dt
from enum import StrEnum

from apps.bills.domain.kinds import Bucket


class FiveClass(StrEnum):
    """The five classes of the 2023 rule."""

    NORMAL = "normal"
    SPECIAL_MENTION = "special_mention"
    SUBSTANDARD = "substandard"
    DOUBTFUL = "doubtful"
    LOSS = "loss"


BUCKETS = tuple(Bucket)
CLASS_2023 = (
    (0, FiveClass.NORMAL),
    (90, FiveClass.SPECIAL_MENTION),
    (270, FiveClass.SUBSTANDARD),
    (360, FiveClass.DOUBTFUL),
)
CARD_RULE = (
    (0, FiveClass.NORMAL),
    (90, FiveClass.SPECIAL_MENTION),
    (120, FiveClass.SUBSTANDARD),
    (180, FiveClass.DOUBTFUL),
)
STAGES = ((30, 1), (90, 2))


def days_past_due(late_since: dt.date | None, on: dt.date) -> int:
    """Days to the day from the oldest due date that is not met, moved on by the paused days since; 0 without one."""
    return max((on - late_since).days, 0) if late_since else 0


def bucket(days: int) -> Bucket:
    """M0 at 0 days, then one more for every 30 begun, up to M7+ above 180."""
    return BUCKETS[min(-(-days // 30), 7)]


def begin(limits: tuple[tuple[int, object], ...]) -> list[int]:
    """The days on which each class but the first begins; what a statement counts days past due by."""
    return [limit + 1 for limit, _ in limits]


def _class(days: int, limits: tuple[tuple[int, FiveClass], ...]) -> FiveClass:
    return next((name for limit, name in limits if days <= limit), FiveClass.LOSS)


def class_2023(days: int) -> FiveClass:
    """The class under the 2023 risk classification rule."""
    return _class(days, CLASS_2023)


def class_card(days: int) -> FiveClass:
    """The class under article 92 of the card rule."""
    return _class(days, CARD_RULE)


def stage(days: int) -> int:
    """The IFRS 9 stage: 2 above 30 days, 3 above 90."""
    return next((number for limit, number in STAGES if days <= limit), 3)
