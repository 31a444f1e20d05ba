"""Tokens of the API: what they look like, and when one opens nothing any more."""

import datetime as dt
import hashlib
from enum import StrEnum

PREFIX = "wsl_"  # so that one that leaks is known for what it is
SECRET_BYTES = 32
LONGEST = dt.timedelta(days=365)
NOTED_AFTER = dt.timedelta(minutes=1)  # its last use is noted no more often


class Fault(StrEnum):
    """Why a token opens nothing."""

    UNKNOWN = "token_unknown"
    REVOKED = "token_revoked"
    EXPIRED = "token_expired"
    OWNER_LEFT = "token_owner_left"


def digest(token: str) -> str:
    """Under what a token is kept: its 256 random bits leave nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def fault(
    *, expires_at: dt.datetime, revoked_at: dt.datetime | None, owner_works_here: bool, at: dt.datetime
) -> Fault | None:
    """Why a token that is known opens nothing; None where it does."""
    if not owner_works_here:
        return Fault.OWNER_LEFT
    if revoked_at is not None:
        return Fault.REVOKED
    return Fault.EXPIRED if at >= expires_at else None
