"""Which state may follow which; anything else is refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from apps.cases.domain.status import CaseStatus, PromiseStatus, SimulationStatus, TaskStatus, VersionStatus
from apps.core.domain.refusal import Refused

State = TypeVar("State", bound=StrEnum)
Moves = Mapping[State, frozenset[State]]

CASE: Moves[CaseStatus] = {
    CaseStatus.OPEN: frozenset({CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset(),  # a customer who falls behind again gets a new case
}
TASK: Moves[TaskStatus] = {
    TaskStatus.OPEN: frozenset({TaskStatus.HELD, TaskStatus.DONE, TaskStatus.LAPSED, TaskStatus.CANCELLED}),
    TaskStatus.HELD: frozenset({TaskStatus.OPEN, TaskStatus.CANCELLED}),
    TaskStatus.DONE: frozenset(),
    TaskStatus.LAPSED: frozenset(),
    TaskStatus.CANCELLED: frozenset(),
}
PROMISE: Moves[PromiseStatus] = {
    PromiseStatus.OPEN: frozenset({PromiseStatus.KEPT, PromiseStatus.BROKEN}),
    PromiseStatus.KEPT: frozenset({PromiseStatus.OPEN, PromiseStatus.BROKEN}),  # money that came bounced
    PromiseStatus.BROKEN: frozenset({PromiseStatus.KEPT}),  # money is known late, and came in time
}
VERSION: Moves[VersionStatus] = {
    VersionStatus.DRAFT: frozenset({VersionStatus.PUBLISHED, VersionStatus.DISCARDED}),
    VersionStatus.PUBLISHED: frozenset({VersionStatus.RETIRED}),
    VersionStatus.RETIRED: frozenset({VersionStatus.PUBLISHED}),  # a roll-back
    VersionStatus.DISCARDED: frozenset(),
}
SIMULATION: Moves[SimulationStatus] = {
    SimulationStatus.WAITING: frozenset({SimulationStatus.RUNNING}),
    SimulationStatus.RUNNING: frozenset({SimulationStatus.DONE, SimulationStatus.FAILED}),
    SimulationStatus.DONE: frozenset(),
    SimulationStatus.FAILED: frozenset(),
}


def move(moves: Moves[State], now: State, to: State) -> State:
    """The new state, `Refused` where it may not follow."""
    if to not in moves[now]:
        raise Refused(f"What is {now} cannot become {to}.", code="move_forbidden")
    return to
