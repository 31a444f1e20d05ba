"""How long a session lasts, and when its owner has to prove again who they are."""

import datetime as dt
import hashlib
from collections.abc import Iterable

NOTED_AFTER = dt.timedelta(minutes=1)  # a session's last use is noted no more often


def digest(key: str) -> str:
    """Under what a session's key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def idle(minutes_of_roles: Iterable[int | None], otherwise: dt.timedelta) -> dt.timedelta:
    """For how long nothing may happen: the least of what the roles say, or of everybody where none says anything."""
    said = [dt.timedelta(minutes=minutes) for minutes in minutes_of_roles if minutes is not None]
    return min(said, default=otherwise)


def ends_at(started_at: dt.datetime, at: dt.datetime, idle: dt.timedelta, lifetime: dt.timedelta) -> dt.datetime:
    """When a session that is used now ends unless it is used again, and in any case."""
    return min(at + idle, started_at + lifetime)


def is_fresh(confirmed_at: dt.datetime | None, at: dt.datetime, within: dt.timedelta) -> bool:
    """Whether the owner of a session proved so lately who they are that no one need ask again."""
    return confirmed_at is not None and at - confirmed_at < within
