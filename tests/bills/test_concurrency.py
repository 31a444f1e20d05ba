"""Sixteen writers and a close at once, killed again and again: nothing is lost or doubled, the ledger is whole.

`CONCURRENCY_SECONDS=300` makes it a long run.
"""

import datetime as dt
import json
import multiprocessing
import os
import traceback
from collections.abc import Callable
from decimal import Decimal
from multiprocessing.context import ForkProcess
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.domain.approval import Verdict
from apps.access.models import User
from apps.audit import actions as audit
from apps.audit.queries import trail
from apps.bills.actions import posting, repayments
from apps.bills.domain.kinds import ReceiptStatus
from apps.bills.models import Bill, Repayment, Waiver
from apps.bills.queries import fees, reconciliation, waivers
from apps.closing import queries as closing
from apps.closing.actions import days
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests import databases
from tests.factories import access, bills, customers

WRITERS = 16
CUSTOMERS = 6
SECONDS = float(os.environ.get("CONCURRENCY_SECONDS", "8"))
FIRST, CLOSED, LAST = dt.date(2026, 3, 1), dt.date(2026, 4, 20), dt.date(2026, 6, 30)
TODAY = dt.date(2026, 7, 1)
FORK = multiprocessing.get_context("fork")
Note = dict[str, Any]


class Notebook:
    """What a writer has begun and what was acknowledged; a line is there once it is written, whoever is killed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, step: str, **note: Any) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": step, **note}) + "\n")

    def notes(self, step: str) -> list[Note]:
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [note for note in map(json.loads, lines) if note["step"] == step]

    def unfinished(self) -> list[Note]:
        """What was begun and neither acknowledged nor refused: it is sent again, as a client does."""
        over = {(n["what"], n["reference"]) for step in ("done", "refused") for n in self.notes(step)}
        return [note for note in self.notes("begun") if (note["what"], note["reference"]) not in over]


class Writer:
    """One clerk: pays, sends again, takes back and waives, on the accounts that everybody else works on."""

    def __init__(self, number: int, book: Notebook, seed: int) -> None:
        self.number, self.book, self.chance = number, book, Random(seed)
        self.by, self.maker, self.checker = (
            System(f"writer-{number}"),
            User.objects.get(username="anna"),
            User.objects.get(username="leo"),
        )
        self.count = len(book.notes("begun"))
        self.acts: dict[str, Callable[[Note], None]] = {"pay": self.pay, "reverse": self.reverse, "waive": self.waive}

    def work(self) -> None:
        for note in self.book.unfinished():
            self.act(note)
        while True:
            self.act(self.next())

    def next(self) -> Note:
        paid = [note["reference"] for note in self.book.notes("done") if note["what"] == "pay"]
        kind = self.chance.choices(("pay", "again", "reverse", "waive"), (55, 10, 22, 13))[0]
        self.count += 1
        if kind == "waive":
            return {"what": "waive", "reference": f"{self.number}-{self.count}"}
        if kind == "reverse" and paid:
            return {"what": "reverse", "reference": self.chance.choice(paid)}
        if kind == "again" and paid:
            again = self.chance.choice(paid)
            return next(n for n in self.book.notes("begun") if n["what"] == "pay" and n["reference"] == again)
        return {
            "what": "pay",
            "reference": f"R-{self.number}-{self.count}",
            "customer": f"C-{self.chance.randrange(CUSTOMERS)}",
            "amount": str(Decimal(self.chance.randrange(100, 40_000)) / 100),
            "date": str(FIRST + dt.timedelta(self.chance.randrange((CLOSED - FIRST).days))),
        }

    def act(self, note: Note) -> None:
        named = {key: value for key, value in note.items() if key != "step"}
        self.book.write("begun", **named)
        try:
            self.acts[note["what"]](note)
        except Refused as refusal:
            self.book.write("refused", why=refusal.code, **named)
        except Exception:
            self.book.write("error", why=traceback.format_exc(), **named)
            raise
        else:
            self.book.write("done", **named)

    def pay(self, note: Note) -> None:
        now = timezone.now()
        repayments.record(
            customer=Customer.objects.get(reference=note["customer"]),
            reference=note["reference"],
            amount=Decimal(note["amount"]),
            received_date=dt.date.fromisoformat(note["date"]),
            business_date=closing.business_date(TODAY),
            by=self.by,
            at=now,
        )

    def reverse(self, note: Note) -> None:
        repayment = Repayment.objects.get(reference=note["reference"])
        now = timezone.now()
        repayments.reverse(
            repayment=repayment, reason="bounced", business_date=closing.business_date(TODAY), by=self.by, at=now
        )

    def waive(self, note: Note) -> None:
        bill = self.chance.choice(Bill.objects.order_by("pk"))
        owed = min(fees.late_fee_owed(bill), Decimal("1.00"))
        if not owed:
            return
        asked = approvals.request(
            action=waivers.ACTION,
            subject=Subject(waivers.SUBJECT, bill.reference, bill.customer.reference),
            amount=owed,
            payload={"bill": bill.reference},
            reason="Goodwill.",
            by=self.maker,
            at=timezone.now(),
        )
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=self.checker, at=timezone.now())


def write(database: str, number: int, path: Path, seed: int) -> None:
    with databases.pointed_to(database):
        Writer(number, Notebook(path), seed).work()


def finish(database: str, number: int, path: Path) -> None:
    """Send again what a killed writer had begun."""
    with databases.pointed_to(database):
        writer = Writer(number, Notebook(path), 0)
        for note in writer.book.unfinished():
            writer.act(note)


def close(database: str, path: Path) -> None:
    with databases.pointed_to(database):
        try:
            days.close_through(LAST, partitions=2, by=System("close"), at=timezone.now())
        except Refused as refusal:
            Notebook(path).write("refused", why=refusal.code)
        except Exception:
            Notebook(path).write("error", why=traceback.format_exc())
            raise


def make_a_book() -> None:
    access.cast()
    terms = bills.terms(deferred_days=10, late_fee_daily_rate=Decimal("0.0007"))
    for number in range(CUSTOMERS):
        customer = customers.customer(reference=f"C-{number}")
        for month, amount in ((3, "900.00"), (3, "350.55"), (4, "1200.01")):
            bills.bought(customer, terms, dt.date(2026, month, 1 + number), amount, 1 if number % 2 else 3)


def started(target: Callable[..., None], *arguments: Any) -> ForkProcess:
    process = FORK.Process(target=target, args=arguments)
    process.start()
    return process


@pytest.fixture
def book(fresh_database: str) -> str:
    with audit.operation("test.arrange", by=bills.BY, at=bills.AT):
        make_a_book()
    days.close_through(CLOSED, partitions=2, by=System("close"), at=timezone.now())
    connections.close_all()  # or the processes that are killed would share them
    return fresh_database


def test_writers_and_a_close_that_are_killed_at_random_leave_a_whole_ledger(book: str, tmp_path: Path) -> None:
    chance = Random(16)
    paths = [tmp_path / f"writer-{number}" for number in range(WRITERS)]
    closer_path = tmp_path / "closer"
    writers = [started(write, book, n, path, n) for n, path in enumerate(paths)]
    closer = started(close, book, closer_path)
    kills = 0
    until = monotonic() + SECONDS
    while monotonic() < until:
        writers[0].join(chance.uniform(0.02, 0.3))  # it never ends by itself
        if chance.random() < 0.3:
            closer.kill()
            closer.join()
            closer = started(close, book, closer_path)
        else:
            number = chance.randrange(WRITERS)
            writers[number].kill()
            writers[number].join()
            writers[number] = started(write, book, number, paths[number], chance.randrange(1_000_000))
        kills += 1
    for process in (*writers, closer):
        process.kill()
        process.join()
    last = [started(finish, book, n, path) for n, path in enumerate(paths)]
    last.append(started(close, book, closer_path))
    for process in last:
        process.join()

    notebooks = [Notebook(path) for path in paths]
    errors = [note["why"] for notebook in (*notebooks, Notebook(closer_path)) for note in notebook.notes("error")]
    assert errors == []
    assert [process.exitcode for process in last] == [0] * len(last)
    done = [note for notebook in notebooks for note in notebook.notes("done")]
    begun = {(n["what"], n["reference"]): n for notebook in notebooks for n in notebook.notes("begun")}
    paid = {n["reference"]: (Decimal(n["amount"]), n["customer"]) for n in done if n["what"] == "pay"}
    taken_back = {note["reference"] for note in begun.values() if note["what"] == "reverse"}
    booked = Repayment.objects.values_list("reference", "amount", "customer__reference")
    assert {reference: (amount, customer) for reference, amount, customer in booked} == paid
    reversed_ones = Repayment.objects.filter(status=ReceiptStatus.REVERSED).values_list("reference", flat=True)
    assert set(reversed_ones) == taken_back
    assert closing.last_closed_date() == LAST
    assert reconciliation.reconcile().differences == ()
    with audit.operation("test.post", by=bills.BY, at=bills.AT):
        assert posting.post(customers=Customer.objects.values_list("pk", flat=True), by=bills.BY, at=bills.AT) == 0
    assert trail.unattributed_count() == 0
    assert kills > 10
    assert len(paid) > WRITERS
    assert taken_back
    assert Waiver.objects.exists()
