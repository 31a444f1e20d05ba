"""What an assignment of cases to agents weighs.

Hard: the queue is the agent's, their languages hold the customer's, their products the case's, the wall lets them, and
nobody gets more cases than they have room for. Soft, in points of a case: a case worth more goes first, stays with who
had the customer last, goes to who is kept for its product, and the money is spread as the room is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PRIORITY = 0.5  # what the first in the order of priority is worth above the last
STICKINESS = 0.3  # with whom the customer's case was before
SPECIALIST = 0.1  # to somebody kept for the product
BALANCE = 0.4  # what a case of average money costs that goes to who has more than their share


class Left(StrEnum):
    """Why a case stays with its queue."""

    NO_AGENT = "no_agent"  # nobody works this queue in this language and product within the wall
    NO_ROOM = "no_room"  # whoever could take it has as many cases as they may have


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody to whom cases may go."""

    key: int
    capacity: int  # open cases at most
    cases: int  # open already
    amount: Decimal  # overdue in them
    queues: frozenset[str]
    languages: frozenset[str]  # of two letters
    products: frozenset[str] = frozenset()  # none: all

    @property
    def room(self) -> int:
        """How many more cases."""
        return max(self.capacity - self.cases, 0)


@dataclass(frozen=True, slots=True)
class Work:
    """An open case that belongs to nobody."""

    key: int
    queue: str
    language: str  # a tag such as zh-hans
    product: str
    amount: Decimal
    priority: int
    last_owner: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Which case goes to whom, and why the others stay."""

    given: Mapping[int, int]  # the agent's key by the case's
    left: Mapping[int, Left]


def suits(agent: Agent, work: Work) -> bool:
    """Whether the agent may take such a case, room and walls aside."""
    return (
        work.queue in agent.queues
        and work.language[:2].lower() in agent.languages
        and (not agent.products or work.product in agent.products)
    )
