"""What the proof of the whole book costs, against two sequential passes over the ledger."""

from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Any

import psycopg
from django.conf import settings

from apps.bills.models import LedgerEntry
from apps.bills.queries import reconciliation
from apps.core import sql
from apps.core.domain.refusal import Refused
from apps.demo.management import benchmark_book as book
from apps.demo.management.benchmark_twins import measured

BILLS_A_CUSTOMER = 4
SCAN = "SELECT sum(amount) FROM bills_ledgerentry"

Say = Callable[[str], object]


def reconcile(*, bills: int, runs: int, say: Say) -> dict[str, Any]:
    """The proof, in turns with two passes that group the ledger and with two bare scans of it."""
    book.fill(bills // BILLS_A_CUSTOMER)
    say(f"A book of {bills:,} bills is made.")
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    cpu: defaultdict[str, list[float]] = defaultdict(list)
    with book.connected(str(settings.DATABASES["owner"]["NAME"])) as server:
        for number in range(runs):
            ways: list[Callable[[psycopg.Connection], None]] = [_scans, _passes, _proof]
            for way in ways if number % 2 else ways[::-1]:
                name = way.__name__.strip("_")
                with measured(server, seconds[name], cpu[name]):
                    way(server)
            say(", ".join(f"{name} {times[-1]:.2f} s" for name, times in seconds.items()))
    return _summary(bills, runs, seconds, cpu)


def _scans(server: psycopg.Connection) -> None:
    """Read the ledger from end to end twice, grouping nothing."""
    for _ in range(2):
        server.execute(SCAN)


def _passes(server: psycopg.Connection) -> None:
    server.execute(sql.load("demo", "benchmark_passes"))


def _proof(_server: psycopg.Connection) -> None:
    found = reconciliation.reconcile()
    if found.differences:
        raise Refused(f"The book differs: {found.differences[0]}.", code="benchmark_differs")


def _summary(bills: int, runs: int, seconds: dict[str, list[float]], cpu: dict[str, list[float]]) -> dict[str, Any]:
    took = {way: median(times) for way, times in seconds.items()}
    return {
        "bills": bills,
        "entries": LedgerEntry.objects.count(),
        "passes_seconds": round(took["passes"], 3),
        "reconcile_seconds": round(took["proof"], 3),
        "ratio": round(took["proof"] / took["passes"], 2),
        "cpu_ratio": round(median(cpu["proof"]) / median(cpu["passes"]), 2),
        "scans_seconds": round(took["scans"], 3),
        "scans_ratio": round(took["proof"] / took["scans"], 2),
        "runs": runs,
        **{
            f"{way}_{name}": round(bound(times), 3)
            for way, times in seconds.items()
            for name, bound in (("min", min), ("max", max))
        },
    }
