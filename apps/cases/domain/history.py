"""What happened in a case, as one list."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing happened."""

    STAGE = "stage"
    CONTACT = "contact"
    MESSAGE = "message"
    PROMISE = "promise"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `what` and `value` are stored words for the screens to translate, `detail` is free."""

    date: dt.date
    at: dt.datetime
    kind: Kind
    what: str
    value: str = ""
    detail: str = ""
    who: str = ""


def merged(*lists: Iterable[Event]) -> list[Event]:
    """Everything, the newest first; what is of the same moment stays in the order of the lists."""
    return sorted((event for events in lists for event in events), key=lambda event: event.at, reverse=True)
