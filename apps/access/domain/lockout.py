"""How long the log-in stays shut after failed attempts: ever longer, for a person and for an address."""

import datetime as dt
from enum import StrEnum

FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)
FORGOTTEN_AFTER = dt.timedelta(days=1)  # without a further failure


class Place(StrEnum):
    """What is shut: the log-in of one person, or from one address."""

    PERSON = "person"
    ADDRESS = "address"


ALLOWED = {Place.PERSON: 5, Place.ADDRESS: 30}  # failures before the first wait; colleagues may share an address


def wait(place: Place, failures: int) -> dt.timedelta:
    """How long nobody may try again after so many failures: nothing, then a minute, then twice as long each time."""
    beyond = failures - ALLOWED[place]
    return min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT) if beyond >= 0 else dt.timedelta()


def counted(failures: int, last_at: dt.datetime | None, at: dt.datetime) -> int:
    """The failures that count when another happens: those before a quiet day are forgotten."""
    return 1 if last_at is None or at - last_at >= FORGOTTEN_AFTER else failures + 1
