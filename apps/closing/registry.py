"""Where the apps above add their steps of the close, and say on which day the book begins."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from apps.core.domain.actor import Actor


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a step is run for: the customers with `customer_id % partitions = partition`, as of the end of `date`.

    `at` is the closing moment of the day, the same whenever and however often the day is closed.
    """

    date: dt.date
    at: dt.datetime
    partition: int
    partitions: int
    by: Actor


Run = Callable[[StepContext], dict[str, int]]
Opening = Callable[[], dt.date | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the close; `run` answers named totals, `rows` among them."""

    name: str
    run: Run
    order: int


_steps: dict[str, Step] = {}
_openings: list[Opening] = []


def step(name: str, run: Run, *, order: int) -> None:
    """Add a step; the close runs them by `order`, each in one transaction with its progress and its audit record."""
    if name in _steps:
        raise ValueError(f"the close has a step {name} already")
    _steps[name] = Step(name, run, order)


def steps() -> tuple[Step, ...]:
    """Every step in the order in which a day runs them."""
    return tuple(sorted(_steps.values(), key=lambda step: (step.order, step.name)))


def opening(first_day: Opening) -> None:
    """Add somebody who knows the first day to close, none while their part of the book is empty."""
    _openings.append(first_day)


def first_day() -> dt.date | None:
    """The first day to close when none is closed yet, none in an empty book."""
    return min((day for day in (ask() for ask in _openings) if day is not None), default=None)
