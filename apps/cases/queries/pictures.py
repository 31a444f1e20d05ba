"""A strategy drawn along the days past due."""

import math
from dataclasses import dataclass

from apps.cases.domain.strategy import Step, Strategy

WIDTH, LANE, LEFT, RIGHT = 960, 26, 12, 12
TICKS = (-3, 0, 3, 8, 31, 61, 91, 181)


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which a step acts."""

    x: int
    day: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A step: a bar for the days for which it is the stage, marks for the days on which it acts."""

    step: Step
    y: int
    bar_x: int
    bar_width: int
    marks: tuple[Mark, ...]
    label_x: int
    anchor: str

    @property
    def mark_y(self) -> int:
        """The middle of the lane."""
        return self.y + 8

    @property
    def text_y(self) -> int:
        """Where the letters stand."""
        return self.y + 12


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing, in units of its own view box."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    ticks: tuple[Mark, ...]


def of(strategy: Strategy) -> Picture:
    """Draw the steps one below the other; days are drawn closer together the later they are."""
    first = min([0, *(day for step in strategy.steps for day in (step.days or (step.from_day,)))])
    last = max([30, *(step.from_day for step in strategy.steps)]) * 4 // 3
    lanes = tuple(_lane(strategy, step, number, first, last) for number, step in enumerate(strategy.steps))
    ticks = tuple(Mark(_x(day, first, last), day) for day in TICKS if first <= day <= last)
    return Picture(WIDTH, LANE * len(lanes) + 24, lanes, ticks)


def _lane(strategy: Strategy, step: Step, number: int, first: int, last: int) -> Lane:
    following = [other.from_day for other in strategy.stages if other.from_day > step.from_day]
    start = _x(step.from_day, first, last)
    end = _x(min(following, default=last), first, last) if step.stage else start
    marks = tuple(Mark(_x(day, first, last), day) for day in (step.days or (step.from_day,)))
    late = start > WIDTH * 2 // 3
    label_x = start - 10 if late else max(end, marks[-1].x) + 10
    return Lane(step, number * LANE + 20, start, max(end - start, 0), marks, label_x, "end" if late else "start")


def _x(day: int, first: int, last: int) -> int:
    share = (_stretched(day) - _stretched(first)) / (_stretched(last) - _stretched(first))
    return LEFT + round(share * (WIDTH - LEFT - RIGHT))


def _stretched(day: int) -> float:
    return math.copysign(math.log1p(abs(day) / 2), day)
