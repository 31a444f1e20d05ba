"""Deciding in somebody else's name: over what, for how long, and when that is over."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

LONGEST = dt.timedelta(days=92)  # of one delegation
REMEMBERED = dt.timedelta(days=30)  # so long whoever acts under one that is over is told so


class Lapse(StrEnum):
    """Why a delegation does not hold on a day."""

    NOT_BEGUN = "not_begun"
    EXPIRED = "expired"
    ENDED = "ended"  # before its time, by one of the two
    ROLE_LOST = "role_lost"  # by its giver, for good
    LEFT = "left"  # its giver works here no longer


@dataclass(frozen=True)
class Span:
    """The days on which a delegation holds, the last excluded, and whether it was ended before."""

    start_date: dt.date
    end_date: dt.date
    is_ended: bool = False


def lapse(span: Span, today: dt.date, *, holds_role: bool, works_here: bool) -> Lapse | None:
    """Why a delegation does not hold today, given its giver's role and employment; None where it does."""
    if not works_here:
        return Lapse.LEFT
    if not holds_role:
        return Lapse.ROLE_LOST
    if span.is_ended:
        return Lapse.ENDED
    if today >= span.end_date:
        return Lapse.EXPIRED
    return Lapse.NOT_BEGUN if today < span.start_date else None


@dataclass(frozen=True)
class Scope:
    """What may be decided: these actions, these products, up to this amount; empty and None stand for all."""

    actions: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    up_to: Decimal | None = None

    def covers(self, action: str, product: str, amount: Decimal) -> bool:
        """Whether a request of this action, product and counted amount is in it."""
        return (
            (not self.actions or action in self.actions)
            and (not self.products or product in self.products)
            and (self.up_to is None or amount <= self.up_to)
        )


@dataclass(frozen=True)
class Mandate:
    """A delegation as whoever received it brings it to a decision: in whose name, in which role."""

    key: int
    reference: str
    giver: int
    role: str
    scope: Scope = Scope()
    superiors: frozenset[int] = frozenset()  # of the giver
    customer_reference: str = ""  # the giver's own account
    lapse: Lapse | None = None
