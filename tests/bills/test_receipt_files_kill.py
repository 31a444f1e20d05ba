"""A file's intake that is killed over and over ends in the book of one that was not."""

import datetime as dt
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from random import Random
from time import perf_counter

from django.core.management import call_command
from django.db import connections

from apps.audit import actions as audit
from apps.audit.queries import trail
from apps.bills.actions import purchases
from apps.bills.actions.purchases import NewPurchase
from apps.bills.models import Intake, IntakeChunk, IntakeRow, LedgerEntry, Repayment, SuspenseItem
from apps.bills.queries import reconciliation
from config.embedded import paths
from tests import databases
from tests.factories import bills, customers

EARLY_KILLS, KILLS = 3, 7
CUSTOMERS = 300
BOUGHT = dt.date(2026, 8, 1)


def make_a_file(folder: Path, chance: Random) -> tuple[Path, Decimal]:
    """Customers with a bill each, and a file in which they pay, some twice, some more than they owe, some unknown."""
    with audit.operation("test.arrange", by=bills.BY, at=bills.AT):
        terms = bills.terms(late_fee_daily_rate=Decimal("0.0007"))
        everybody = [customers.customer() for _ in range(CUSTOMERS)]
        new = [NewPurchase(f"P-{c.pk}", c.pk, terms.pk, BOUGHT, Decimal(100 + c.pk), 3) for c in everybody]
        purchases.record_many(purchases=new, by=bills.BY, at=bills.AT)
    lines, total = [], Decimal(0)
    for customer in everybody:
        for part in range(chance.choice((1, 1, 2))):
            amount = Decimal(chance.randrange(1, 50_000)) / 100
            total += amount
            who = customer.reference if chance.random() < 0.9 else "nobody"
            lines.append(f"R-{customer.pk}-{part},{who},{BOUGHT + dt.timedelta(chance.randrange(25))},{amount}")
    chance.shuffle(lines)
    file = folder / "repayments.csv"
    file.write_text("\n".join(("reference,customer,received_date,amount", *lines, "")), encoding="utf-8")
    return file, total


def take_in(database: str, file: Path) -> None:
    with databases.pointed_to(database):
        call_command("import_repayments", str(file), "--chunk", "1", "--json")


def chunks_done() -> int:
    return IntakeChunk.objects.filter(finished_at__isnull=False).count()


def take_and_be_killed(database: str, file: Path, *, seconds: float = 60, chunks: int = 10_000) -> int | None:
    """The exit code of a process that takes the file and is killed after some time, or once so many chunks are done."""
    connections.close_all()  # or the process that is killed would share them
    taker = multiprocessing.get_context("fork").Process(target=take_in, args=(database, file))
    taker.start()
    start = perf_counter()
    while taker.is_alive() and perf_counter() - start < seconds and chunks_done() < chunks:
        taker.join(0.01)
    taker.kill()
    taker.join()
    return taker.exitcode


def test_a_killed_intake_loses_and_doubles_nothing(fresh_database: str, tmp_path: Path) -> None:
    chance = Random(7)
    file, total = make_a_file(tmp_path, chance)
    connections.close_all()

    codes = [take_and_be_killed(fresh_database, file, seconds=chance.uniform(0.05, 0.8)) for _ in range(EARLY_KILLS)]
    for _ in range(KILLS):
        target = chunks_done() + chance.randrange(1, 20)
        codes.append(take_and_be_killed(fresh_database, file, chunks=target))
    done = chunks_done()
    files = Intake.objects.count()
    rest = subprocess.run(
        [sys.executable, "manage.py", "import_repayments", str(file), "--json"],
        cwd=paths.CHECKOUT,
        env={**os.environ, **databases.urls(fresh_database)},
        capture_output=True,
        text=True,
        check=False,
    )

    found = json.loads(rest.stdout)
    lines = len(file.read_text(encoding="utf-8").splitlines()) - 1
    assert codes == [-signal.SIGKILL] * (EARLY_KILLS + KILLS)
    assert files == 1
    assert (found["state"], found["rows"]) == ("done", lines)
    assert found["created"] + found["parked"] + found["unchanged"] == lines
    assert Repayment.objects.count() + SuspenseItem.objects.count() == lines
    money = [
        *Repayment.objects.values_list("amount", flat=True),
        *SuspenseItem.objects.values_list("amount", flat=True),
    ]
    assert sum(money) == total
    assert LedgerEntry.objects.filter(repayment=None, kind="payment").count() == 0
    assert not IntakeRow.objects.exists()
    assert 0 < done < IntakeChunk.objects.count()
    assert reconciliation.reconcile().differences == ()
    assert trail.unattributed_count() == 0
