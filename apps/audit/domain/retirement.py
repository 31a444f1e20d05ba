"""Months that leave the database: when they may, and which leaves of the tree are theirs."""

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.core.domain.dates import add_months

Run = tuple[int, int]  # from one leaf until before another


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the book, as its partitions have it: in UTC."""

    first_date: dt.date

    @property
    def name(self) -> str:
        """`2019-01`."""
        return f"{self.first_date:%Y-%m}"

    @property
    def part(self) -> str:
        """What the names of its partitions end with."""
        return f"{self.first_date:%Y_%m}"

    @property
    def start(self) -> dt.datetime:
        """Its first moment."""
        return dt.datetime.combine(self.first_date, dt.time.min, dt.UTC)

    @property
    def end(self) -> dt.datetime:
        """The moment at which the next one begins."""
        return dt.datetime.combine(add_months(self.first_date, 1), dt.time.min, dt.UTC)

    def kept_until(self, years: int) -> dt.date:
        """The first day on which its last event need not be kept any more."""
        return add_months(self.first_date, 1 + 12 * years)


@dataclass(frozen=True, slots=True)
class Places:
    """Leaves of a tree, as runs in their order."""

    runs: tuple[Run, ...] = ()

    def __contains__(self, leaf: object) -> bool:
        """Whether the leaf is one of them."""
        assert isinstance(leaf, int)
        at = bisect_right(self.runs, (leaf, 1 << 63)) - 1
        return at >= 0 and leaf < self.runs[at][1]

    def __len__(self) -> int:
        """How many they are."""
        return sum(end - start for start, end in self.runs)

    def others(self, start: int, end: int) -> Sequence[int]:
        """The leaves from one until before another that are none of them."""
        if not any(low < end and high > start for low, high in self.runs):
            return range(start, end)
        return [leaf for leaf in range(start, end) if leaf not in self]

    @property
    def text(self) -> str:
        """As PostgreSQL writes a set of ranges."""
        return "{" + ",".join(f"[{start},{end})" for start, end in self.runs) + "}"


def places(leaves: Iterable[int]) -> Places:
    """The leaves, which come in their order, as runs."""
    runs: list[list[int]] = []
    for leaf in leaves:
        if runs and runs[-1][1] == leaf:
            runs[-1][1] += 1
        else:
            runs.append([leaf, leaf + 1])
    return Places(tuple((start, end) for start, end in runs))


def joined(parts: Iterable[Places]) -> Places:
    """All of them together; they do not overlap."""
    return Places(tuple(sorted(run for part in parts for run in part.runs)))


def scope(places: Places, referred: Sequence[int]) -> str:
    """What identifies which leaves left and which of their operations are still named: a SHA-256."""
    text = f"{places.text} {','.join(map(str, referred))}"
    return hashlib.sha256(text.encode()).hexdigest()
