"""Twin databases for a measurement in turns, and what a turn costs."""

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg
from django.conf import settings
from django.db import connections

from apps.cases.domain import priority
from apps.cases.domain.outcomes import RIGHT_PARTY
from apps.cases.queries import strategies
from apps.closing.actions import days
from apps.core import sql
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.demo.management import benchmark_book as book

BY = System("benchmark")
NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(1)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Turns:
    """Seconds of the limit and of the close, by the clock and of the processor, one of each a turn."""

    limit: list[float] = field(default_factory=list)
    close: list[float] = field(default_factory=list)
    limit_cpu: list[float] = field(default_factory=list)
    close_cpu: list[float] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def ratio(self) -> float:
        """The median close over the median limit."""
        return round(median(self.close) / median(self.limit), 3)

    def cpu_ratio(self) -> float:
        """The same of the processor's time."""
        return round(median(self.close_cpu) / median(self.limit_cpu), 3)


class Twins:
    """The filled database and a copy of it: the product closes the one, the limit the other."""

    def __init__(self) -> None:
        base = str(settings.DATABASES["owner"]["NAME"])
        self.names = {"close": base, "limit": f"{base}_limit"}
        self.limit: psycopg.Connection | None = None
        self._stack = ExitStack()

    def __enter__(self) -> "Twins":
        """Make the copy; the trail sees what the product does, the limit keeps events of its own."""
        self._stack.enter_context(book.copy_of(self.names["close"], self.names["limit"]))
        with book.connected(self.names["close"]) as owner:
            book.capture(owner, on=True)
        self.limit = self._stack.enter_context(book.connected(self.names["limit"]))
        return self

    def __exit__(self, *_: object) -> None:
        """Drop the copy."""
        connections.close_all()
        self.limit = None
        self._stack.close()

    def reopen(self) -> None:
        """Have both as they were before any day was closed."""
        for way, name in self.names.items():
            with book.connected(name) as owner:
                book.reopen(owner, captured=way == "close")
        self.rest()

    def receive(self, day: dt.date) -> None:
        """Book the day's repayments on both, the same way and unmeasured."""
        names = {"after": day - DAY, "date": day, "at": book.moment(day)}
        for name in self.names.values():
            with book.connected(name) as owner, owner.transaction(), psycopg.ClientCursor(owner) as cursor:
                cursor.execute(sql.load("demo", "benchmark_receipts"), names)
                cursor.execute(sql.load("demo", "benchmark_paid"), names)

    def run_limit(self, day: dt.date, turns: Turns) -> None:
        """Close the day by the one statement."""
        assert self.limit is not None
        version = strategies.in_force()
        assert version is not None
        names = {
            "date": day,
            "at": book.moment(day),
            "strategy": version.pk,
            "opens_from": strategies.rules_of(version).opens_from,
            "band_days": [from_day for from_day, _ in priority.BANDS],
            "band_shares": [share for _, share in priority.BANDS],
            "right_party": sorted(RIGHT_PARTY),
            "lender": settings.LENDER_NAME,
            "banned": _banned(self.limit),
        }
        with psycopg.ClientCursor(self.limit) as cursor, measured(self.limit, turns.limit, turns.limit_cpu):
            cursor.execute(sql.load("demo", "benchmark_limit"), names)

    def run_close(self, day: dt.date, turns: Turns) -> None:
        """Close the day as the product does."""
        assert self.limit is not None
        with measured(self.limit, turns.close, turns.close_cpu):
            done = days.close(day, partitions=days.PARTITIONS, since=book.FIRST, by=BY, at=NOW)
        for step in done.steps:
            turns.steps[step.name].append(step.seconds)

    def compare(self, day: dt.date) -> None:
        """Refuse to tell a time where the two did not do the same."""
        found = []
        for name in self.names.values():
            with book.connected(name) as owner, psycopg.ClientCursor(owner) as cursor:
                cursor.execute(sql.load("demo", "benchmark_results"), {"date": day, "at": book.moment(day)})
                found.append(cursor.fetchall())
        if found[0] != found[1]:
            both = [f"{a[0]} {a[1]:,}/{b[1]:,}" for a, b in zip(*found, strict=False) if a != b]
            raise Refused(f"Close and limit of {day} differ: {', '.join(both)}.", code="benchmark_differs")

    def rest(self) -> None:
        """Let the night pass: what autovacuum does in a day."""
        for name in self.names.values():
            with book.connected(name) as owner:
                owner.execute("VACUUM (ANALYZE)")


@contextmanager
def measured(server: psycopg.Connection, seconds: list[float], cpu: list[float]) -> Iterator[None]:
    """Note what a block takes, by the clock and of the processors, the server's share included."""
    found = server.execute("SELECT pg_backend_pid()").fetchone()
    postmaster = int(_stat(found[0])[1]) if found else 0
    spent, started = _cpu(postmaster), perf_counter()
    yield
    seconds.append(perf_counter() - started)
    cpu.append(_cpu(postmaster) - spent)


def _cpu(postmaster: int) -> float:
    """Seconds of the processor that this process and the server have had, those of backends that are gone included."""
    own = os.times()
    mine = [_stat(int(path.name)) for path in Path("/proc").iterdir() if path.name.isdigit()]
    children = [stat for stat in mine if stat and int(stat[1]) == postmaster]
    reaped = sum(int(number) for number in _stat(postmaster)[11:15])
    return own.user + own.system + (reaped + sum(int(s[11]) + int(s[12]) for s in children)) / TICKS


def _stat(pid: int) -> list[str]:
    """The fields of a process behind its name: state, parent, and so on; none where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    except OSError:
        return []


def _banned(owner: psycopg.Connection) -> str:
    """The banned phrases as one pattern."""
    found = owner.execute(
        "SELECT string_agg(phrase, '|') FROM outreach_conductrule,"
        " jsonb_array_elements_text(parameters -> 'phrases') AS phrase WHERE kind = 'wording'"
    ).fetchone()
    return str(found[0]) if found else ""
