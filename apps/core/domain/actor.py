"""Who does something: what `by=` accepts in every action."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@runtime_checkable
class Actor(Protocol):
    """Anybody who may stand behind `by=`: a user (access.User) or the system itself."""

    @property
    def actor_id(self) -> str:
        """An opaque identifier that never holds a name: `user:12`, `system:close`."""
        ...

    @property
    def acting_role(self) -> str:
        """The role acted in, `agent` or `system`."""
        ...


@dataclass(frozen=True)
class System:
    """The product acting by itself: a close, a sealer, an import run from the shell."""

    job: str

    @property
    def actor_id(self) -> str:
        """`system:` and the job."""
        return f"system:{self.job}"

    @property
    def acting_role(self) -> str:
        """Always `system`."""
        return "system"
