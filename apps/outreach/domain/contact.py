"""What the gate is told about one contact and about those that were made before."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from apps.customers.domain.contact import Channel

if TYPE_CHECKING:
    from apps.outreach.domain.rules import Rule


@dataclass(frozen=True, slots=True)
class Point:
    """A number, address or account of the debtor, as the gate sees it."""

    id: int
    is_valid: bool = True
    consented_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact that somebody is about to make; `zone` is that of the place where the debtor lives."""

    channel: Channel
    zone: ZoneInfo
    point: Point | None = None
    text: str = ""
    wanted_since: dt.datetime | None = None
    is_third_party: bool = False
    stops: tuple["Rule", ...] = ()  # what is asked about this customer beside the rules for everybody


@dataclass(frozen=True, slots=True)
class Past:
    """A contact made, or already queued, with the same debtor by anybody; `is_connected` is None for messages."""

    channel: Channel
    at: dt.datetime
    point: int | None = None
    is_connected: bool | None = None
