"""The words of an operation: what was decided, through which door, from where."""

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """How an operation ended."""

    ALLOW = "allow"
    DENY = "deny"
    ERROR = "error"
    NOT_APPLICABLE = "n/a"


class Channel(StrEnum):
    """The door through which an operation came."""

    WEB = "web"
    API = "api"
    JOB = "job"
    SHELL = "shell"
    MIGRATION = "migration"


@dataclass(frozen=True)
class Context:
    """Where a request came from; `attempt` counts the tries of a job that is retried under the same `request_id`."""

    request_id: str = ""
    address: str = ""
    channel: Channel = Channel.SHELL
    attempt: int = 1
