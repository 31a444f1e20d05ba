"""Money whose payer is not known: where it stands, and how like a text is to what it names."""

from enum import StrEnum


class SuspenseStatus(StrEnum):
    """Whether somebody has said whose money it is."""

    WAITING = "waiting"
    ASSIGNED = "assigned"  # it is a customer's repayment now
    RETURNED = "returned"  # it went back to where it came from
