"""Who outside is given our checkpoints, how often, and when a delivery that failed is tried again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

FIRST_WAIT, LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(hours=6)
MAIL = "mailto:"


@dataclass(frozen=True, slots=True)
class Target:
    """Where checkpoints go, `mailto:` or `https:`, and the least time between two of them."""

    address: str
    every: dt.timedelta

    @property
    def is_mail(self) -> bool:
        """Whether it is a mailbox."""
        return self.address.startswith(MAIL)


def targets(mail: Sequence[str], mail_every: dt.timedelta, hooks: Sequence[str], every: dt.timedelta) -> list[Target]:
    """The mailboxes and web addresses as they are configured."""
    return [*(Target(f"{MAIL}{to}", mail_every) for to in mail), *(Target(address, every) for address in hooks)]


def shown(address: str) -> str:
    """The address as it may be shown: what often holds a secret, the user and the query, is left out."""
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        return address
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


def is_due(target: Target, queued_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether the next checkpoint may go; also where the clock has jumped back since the last."""
    return queued_at is None or not dt.timedelta() <= at - queued_at < target.every


def wait(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts: twice as long each time, never given up."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
