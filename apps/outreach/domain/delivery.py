"""Handing a message to a provider: what is handed over, what may go wrong, when it is tried again."""

import datetime as dt
from dataclasses import dataclass

from apps.customers.domain.contact import Channel
from apps.outreach.domain.status import MessageStatus

ATTEMPTS = 5  # after which a message has failed
BACK_OFF = (60, 300, 1_800, 7_200)  # seconds after the first, second, ... attempt


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a provider sees it; `reference` is the key under which it is sent at most once."""

    reference: str
    channel: Channel
    address: str
    subject: str
    body: str


class Undeliverable(Exception):
    """The provider will never deliver this message: a wrong address, a refused text."""


class Unavailable(Exception):
    """The provider cannot be reached just now; the message is tried again."""


def retry_at(attempts: int, at: dt.datetime) -> dt.datetime | None:
    """When a message is tried again after so many attempts; None once it has failed."""
    if attempts >= ATTEMPTS:
        return None
    return at + dt.timedelta(seconds=BACK_OFF[attempts - 1])


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one message; `is_unavailable` says that its channel does not answer just now."""

    channel: Channel
    word: str
    status: MessageStatus
    is_unavailable: bool = False
