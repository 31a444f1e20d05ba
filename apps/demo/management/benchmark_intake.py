"""What taking a file of repayments costs: the product's intake against COPY and one statement written by hand."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psycopg
from django.conf import settings

from apps.bills.actions import receipts
from apps.bills.models import Intake
from apps.bills.queries import intakes
from apps.core import sql
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.core.management import memory
from apps.demo.management import benchmark_book as book
from apps.demo.management.benchmark_twins import measured

BY = System("benchmark")
RECEIVED = dt.date(2026, 8, 30)
NOW = dt.datetime(2026, 8, 31, 4, tzinfo=dt.UTC)
COLUMNS = "'R-' || place AS reference, {customer} AS customer, amount, %s::date AS received_date, 'transfer' AS channel"
LINES = "COPY (SELECT {columns} FROM benchmark_line ORDER BY place) TO STDOUT"
FILE = LINES.format(columns=COLUMNS.format(customer="'C-' || customer_id")) + " (FORMAT csv, HEADER)"
ROWS = LINES.format(columns=COLUMNS.format(customer="customer_id") + ", 0, 'booked'")
TARGET = "COPY bills_repayment (reference, customer_id, amount, received_date, channel, remainder, status) FROM STDIN"
WAYS = ("intake", "limit", "bare")  # the product; the limit; the limit unseen by the trail
PIECE = 1 << 20

Say = Callable[[str], object]
Times = defaultdict[str, list[float]]


def intake(*, repayments: int, runs: int, say: Say) -> dict[str, Any]:
    """Take a file of so many repayments, in turns with the limit, each time on a copy of the same book."""
    base = str(settings.DATABASES["owner"]["NAME"])
    started = perf_counter()
    names = {"customers": repayments, "date": RECEIVED, "at": book.moment(RECEIVED)}
    book.make(("benchmark_intake_book",), names)
    say(f"A book of {repayments:,} bills in {perf_counter() - started:.0f} s.")
    seconds: Times = defaultdict(list)
    cpu: Times = defaultdict(list)
    with TemporaryDirectory() as folder:
        file, rows = Path(folder, "repayments.csv"), Path(folder, "repayments.copy")
        _write(base, FILE, file)
        _write(base, ROWS, rows)
        for number in range(runs):
            results = {}
            for way in WAYS if number % 2 else WAYS[::-1]:
                with _copy_of(base, way) as server:
                    with measured(server, seconds[way], cpu[way]):
                        if way == "intake":
                            _take(file, seconds)
                        else:
                            _limit(server, rows)
                    results[way] = _results(server)
                say(f"{way}: {seconds[way][-1]:.1f} s")
            if len({str(result) for result in results.values()}) > 1:
                raise Refused(f"The intake and the limit differ: {results}", code="benchmark_differs")
    return _summary(repayments, runs, seconds, cpu)


def _summary(repayments: int, runs: int, seconds: Times, cpu: Times) -> dict[str, Any]:
    took = {way: median(seconds[way]) for way in WAYS}
    return {
        "repayments": repayments,
        "limit_seconds": round(took["limit"], 2),
        "intake_seconds": round(took["intake"], 2),
        "ratio": round(took["intake"] / took["limit"], 3),
        "peak_mb": memory.peak_megabytes(),
        "cpu_ratio": round(median(cpu["intake"]) / median(cpu["limit"]), 3),
        "bare_limit_seconds": round(took["bare"], 2),
        "bare_ratio": round(took["intake"] / took["bare"], 3),
        "runs": runs,
        "seconds_fingerprint": round(median(seconds["fingerprint"]), 2),
        "seconds_check": round(median(seconds["check"]), 2),
        "seconds_book": round(median(seconds["book"]), 2),
        "played": round(median(seconds["played"])),
        **{
            f"{way}_{name}": round(bound(seconds[way]), 2)
            for way in WAYS
            for name, bound in (("min", min), ("max", max))
        },
    }


def _write(database: str, statement: str, file: Path) -> None:
    with (
        book.connected(database) as owner,
        psycopg.ClientCursor(owner) as cursor,
        file.open("wb") as out,
        cursor.copy(statement, [RECEIVED]) as copy,
    ):
        for data in copy:
            out.write(data)


def _take(file: Path, seconds: Times) -> None:
    """Take the file as `import_repayments` does, noting how long its parts take."""
    started = perf_counter()
    booking: list[float] = []

    def progress(what: str, _share: float) -> None:
        if what == "Book the rows" and not booking:
            booking.append(perf_counter())

    taken = receipts.receive(path=file, business_date=RECEIVED, by=BY, at=NOW)
    seconds["fingerprint"].append(perf_counter() - started)
    report = receipts.take(intake=taken, progress=progress, by=BY, at=NOW)
    seconds["check"].append(booking[0] - started - seconds["fingerprint"][-1])
    seconds["book"].append(perf_counter() - booking[0])
    seconds["played"].append(intakes.standing(Intake.objects.get(pk=report.intake.pk)).played)


def _limit(server: psycopg.Connection, rows: Path) -> None:
    """COPY the same rows, their customers found already, and allocate them by one statement, in one transaction."""
    with server.transaction(), psycopg.ClientCursor(server) as cursor:
        with cursor.copy(TARGET) as copy, rows.open("rb") as file:
            while data := file.read(PIECE):
                copy.write(data)
        cursor.execute(sql.load("demo", "benchmark_intake_limit"), {"at": NOW})


def _results(server: psycopg.Connection) -> list[tuple[Any, ...]]:
    return server.execute(sql.load("demo", "benchmark_intake_results")).fetchall()


@contextmanager
def _copy_of(base: str, way: str) -> Iterator[psycopg.Connection]:
    """A copy of the filled database, to which the process is led; the trail sees what happens in it, but for `bare`."""
    book.lead_to(base)
    with book.copy_of(base, f"{base}_{way}") as name:
        book.lead_to(name)
        try:
            with book.connected(name) as server:
                book.capture(server, on=way != "bare")
                yield server
        finally:
            book.lead_to(base)
