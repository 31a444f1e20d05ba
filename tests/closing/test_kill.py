"""A close that is killed wherever it was, again and again, leaves the book of one that was not."""

import datetime as dt
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from random import Random
from time import perf_counter

from django.core.management import call_command
from django.db import connections

from apps.audit import actions as audit
from apps.bills.actions import purchases, repayments
from apps.bills.actions.purchases import NewPurchase
from apps.bills.actions.repayments import NewRepayment
from apps.bills.domain.kinds import Mode
from apps.cases.models import Case
from config.embedded import paths
from tests import databases
from tests.closing import dump
from tests.databases import Databases
from tests.factories import bills, cases, customers

KILLS = 20
CUSTOMERS = 60
FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 4, 10)
DAYS = (LAST - FIRST).days


def make_a_book(chance: Random) -> None:
    """Customers who pay in time, late, in part or never, in both modes, and a few promises."""
    order = bills.terms(deferred_days=7, late_fee_daily_rate=Decimal("0.0007"))
    statement = bills.terms(Mode.STATEMENT)
    bought, received = [], []
    everybody = [customers.reachable(reference=f"C-{number:02}") for number in range(CUSTOMERS)]
    for number, customer in enumerate(everybody):
        date = FIRST + dt.timedelta(number % 5)
        amount = Decimal(chance.randrange(10_000, 90_000)) / 100
        if number % 6 == 0:
            bills.statement(customer, statement, date, str(amount))
        else:
            bought.append(NewPurchase(f"P-{number}", customer.pk, order.pk, date, amount, chance.choice((1, 1, 3))))
        for part in range(chance.choice((0, 1, 1, 2))):
            paid = date + dt.timedelta(chance.randrange(3, 38))
            received.append(NewRepayment(f"R-{number}-{part}", customer.pk, paid, amount / chance.choice((1, 2))))
    purchases.record_many(purchases=bought, by=bills.BY, at=bills.AT)
    received = [replace(new, amount=new.amount.quantize(Decimal("0.01"))) for new in received]
    repayments.record_many(repayments=received, by=bills.BY, at=bills.AT)


def close_through(date: dt.date) -> None:
    call_command("close_day", "--through", str(date), "--json")


def close_in(database: str, date: dt.date) -> None:
    with databases.pointed_to(database):
        close_through(date)


def close_and_be_killed(database: str, after: float) -> int | None:
    """The exit code of a process that closes and is killed after so many seconds."""
    closer = multiprocessing.get_context("fork").Process(target=close_in, args=(database, LAST))
    closer.start()
    closer.join(after)
    closer.kill()
    closer.join()
    return closer.exitcode


def make_promises() -> None:
    for number, case in enumerate(Case.objects.order_by("reference")[:9]):
        made = FIRST + dt.timedelta(17)
        cases.promise(case, "60.00", made + dt.timedelta(number), made=made)


def test_a_killed_close_leaves_the_book_of_an_undisturbed_one(fresh_database: str, database_server: Databases) -> None:
    chance = Random(20)
    with audit.operation("test.arrange", by=bills.BY, at=bills.AT):
        make_a_book(chance)
    close_through(FIRST + dt.timedelta(16))
    with audit.operation("test.arrange", by=bills.BY, at=bills.AT):
        make_promises()
    connections.close_all()
    killed = f"{fresh_database}_killed"
    replace(database_server, template=fresh_database).clone(killed)
    start = perf_counter()
    close_through(LAST)
    share = (perf_counter() - start) / (2 * KILLS)
    connections.close_all()  # or the processes that are killed would share them

    codes = [close_and_be_killed(killed, 0.05 + share * chance.uniform(0, 2)) for _ in range(KILLS)]
    rest = subprocess.run(
        [sys.executable, "manage.py", "close_day", "--through", str(LAST), "--json"],
        cwd=paths.CHECKOUT,
        env={**os.environ, **databases.urls(killed)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert codes == [-signal.SIGKILL] * KILLS
    assert 0 < json.loads(rest.stdout)["days"] < DAYS - 16
    undisturbed, undisturbed_book = dump.business_tables(), dump.book()
    with databases.pointed_to(killed):
        assert dump.business_tables() == undisturbed
        assert dump.book() == undisturbed_book
    database_server.drop(killed)
    for table in ("Case", "StageMove", "Task", "Promise"):
        assert undisturbed[f"cases.{table}"]
    assert undisturbed_book["unattributed"] == 0
