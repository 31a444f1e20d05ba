"""A dispute: what of a debt the customer contests, on what ground, by when it is answered, and what came of it."""

import datetime as dt
from enum import StrEnum

from apps.cases.domain.moves import Moves


class DisputeStatus(StrEnum):
    """Where a dispute stands."""

    RECEIVED = "received"
    EVIDENCE_WANTED = "evidence_wanted"
    UNDER_REVIEW = "under_review"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Ground(StrEnum):
    """Why the customer says that it is not owed."""

    NOT_MINE = "not_mine"
    NOT_DELIVERED = "not_delivered"
    WRONG_AMOUNT = "wrong_amount"
    PAID_ALREADY = "paid_already"
    QUALITY = "quality"
    OTHER = "other"


class Interest(StrEnum):
    """Why somebody may not decide a dispute."""

    MADE_CONTACT = "dispute_contact"
    RECORDED = "dispute_recorder"
    OWN_ACCOUNT = "own_account"


DAYS = 20  # calendar days in which a dispute is answered
AHEAD = 5  # days before its due date from which it is urgent
DECISIONS = frozenset({DisputeStatus.UPHELD, DisputeStatus.PARTLY_UPHELD, DisputeStatus.REJECTED})
RIGHT = frozenset({DisputeStatus.UPHELD, DisputeStatus.PARTLY_UPHELD})  # something is to be put right
OPEN = frozenset({DisputeStatus.RECEIVED, DisputeStatus.EVIDENCE_WANTED, DisputeStatus.UNDER_REVIEW})

MOVES: Moves[DisputeStatus] = {
    DisputeStatus.RECEIVED: frozenset(
        {DisputeStatus.EVIDENCE_WANTED, DisputeStatus.UNDER_REVIEW, DisputeStatus.WITHDRAWN}
    ),
    DisputeStatus.EVIDENCE_WANTED: frozenset({DisputeStatus.UNDER_REVIEW, DisputeStatus.WITHDRAWN}),
    DisputeStatus.UNDER_REVIEW: DECISIONS | {DisputeStatus.EVIDENCE_WANTED, DisputeStatus.WITHDRAWN},
    DisputeStatus.UPHELD: frozenset(),
    DisputeStatus.PARTLY_UPHELD: frozenset(),
    DisputeStatus.REJECTED: frozenset(),  # who has more to say disputes anew
    DisputeStatus.WITHDRAWN: frozenset(),
}


def due_date(received: dt.date) -> dt.date:
    """The last day for the answer."""
    return received + dt.timedelta(DAYS)


def interest(person: int, own_account: bool, *, recorder: int, contact_maker: int | None) -> Interest | None:
    """Why this person (by key) may not decide, if they may not."""
    if own_account:
        return Interest.OWN_ACCOUNT
    if person == contact_maker:
        return Interest.MADE_CONTACT
    return Interest.RECORDED if person == recorder else None
