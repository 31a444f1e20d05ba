"""The life of a request for a controlled action."""

from enum import StrEnum


class RequestStatus(StrEnum):
    """Where a request stands; a rejection is kept."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"


class Verdict(StrEnum):
    """What one approver said."""

    APPROVE = "approve"
    REJECT = "reject"
