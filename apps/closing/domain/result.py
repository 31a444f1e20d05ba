"""What a close did."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Part:
    """A step done for one partition."""

    step: str
    partition: int
    rows: int
    seconds: float
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step done for everybody; partitions run side by side, so the slowest is its time."""

    name: str
    rows: int
    seconds: float


@dataclass(frozen=True)
class Result:
    """One closed day, or several in order."""

    dates: tuple[dt.date, ...]
    day_seconds: tuple[float, ...]
    steps: tuple[StepResult, ...]
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def seconds(self) -> float:
        """All days together."""
        return sum(self.day_seconds)

    @property
    def median_seconds(self) -> float:
        """Half of the days took no longer."""
        return median(self.day_seconds) if self.day_seconds else 0.0


def of_day(date: dt.date, seconds: float, parts: Sequence[Part]) -> Result:
    """Add up the parts of one day, its steps in the order in which the parts name them."""
    names = list(dict.fromkeys(part.step for part in parts))
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update({name: count for name, count in part.counts.items() if name != "rows"})
    return Result(
        (date,),
        (seconds,),
        tuple(
            StepResult(
                name,
                sum(part.rows for part in parts if part.step == name),
                max(part.seconds for part in parts if part.step == name),
            )
            for name in names
        ),
        counts,
    )


def together(results: Iterable[Result]) -> Result:
    """Several days as one."""
    dates: list[dt.date] = []
    seconds: list[float] = []
    steps: dict[str, StepResult] = {}
    counts: Counter[str] = Counter()
    for result in results:
        dates += result.dates
        seconds += result.day_seconds
        counts.update(result.counts)
        for step in result.steps:
            so_far = steps.get(step.name, StepResult(step.name, 0, 0.0))
            steps[step.name] = StepResult(step.name, so_far.rows + step.rows, so_far.seconds + step.seconds)
    return Result(tuple(dates), tuple(seconds), tuple(steps.values()), counts)
