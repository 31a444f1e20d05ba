"""A contact that the strategy wants to make by message."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from apps.customers.domain.contact import Channel


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a message is for and what it says; where it goes is read from the customer.

    `channels` are in order of preference; `anchor_date` makes the contact once: the same customer, purpose and anchor
    are one message. `due_date` is the oldest due date that the text speaks of, `days_past_due` how long ago it was
    (before it: how far away it is).
    """

    customer: int
    purpose: str
    template: str
    channels: tuple[Channel, ...]
    anchor_date: dt.date
    due_date: dt.date
    amount: Decimal
    currency: str
    days_past_due: int = 0

    def __post_init__(self) -> None:
        """A message needs a channel to go by."""
        if not self.channels:
            raise ValueError(f"{self.purpose} names no channel")

    def reference(self, customer: str) -> str:
        """The message's name, which is also its idempotency key at the provider; `customer` is the reference."""
        return f"{customer}-{self.purpose}-{self.anchor_date.isoformat()}"


@dataclass(frozen=True, slots=True)
class Planned:
    """How many contacts of a batch were queued, blocked by the gate, or already there."""

    planned: int = 0
    blocked: int = 0
    repeated: int = 0
