"""The life of an outgoing message."""

from enum import StrEnum


class MessageStatus(StrEnum):
    """Where a message stands; `blocked` is the gate's no, `cancelled` a reason gone before it was sent."""

    PLANNED = "planned"
    SENT = "sent"
    FAILED = "failed"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"


BY_HAND = "by_hand"  # the purpose of a message that a person wrote
