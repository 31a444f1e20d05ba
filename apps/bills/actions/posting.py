"""Bring the ledger in line with the facts: play each account, book the difference, never change an entry."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db import connection, transaction

from apps.bills.domain import account
from apps.bills.domain.facts import Facts
from apps.bills.domain.kinds import CauseKind, Component, EntryKind
from apps.bills.domain.state import Account, EntryKey
from apps.bills.queries import facts
from apps.closing import queries as closing
from apps.closing.registry import StepContext
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.money import ZERO

ACCRUE = "bills.accrue"  # the step of the close that posts late fees at a month's end
OPENINGS = 7_220_454  # advisory: whoever opens accounts shares it, a partition's month-end has its part of it alone
BATCH = 2_000  # customers played at once: bounds the memory

ENTRY = (
    "customer_id, bill_id, component, kind, amount, effective_date, booked_at, "
    + ", ".join(f"{cause}_id" for cause in CauseKind)
    + ", reverses_id"
)
BILL = (
    "id, open_principal, open_instalment_fee, open_late_fee, open_interest, open_cost, "
    "late_fee_accrued, late_fee_posted, interest_accrued, interest_posted, accrued_through_date, settled_date, "
    "written_off_date"
)
INSTALMENT = (
    "bill_id, customer_id, number, due_date, grace_days, amount, fee, open_amount, met_date, "
    "restructuring_id, replaced_by_id"
)
ACCOUNT = "customer_id, balance, credit_balance, latest_date, changed_date, closed_date"
REMAINDER = "kind, id, remainder, unbilled"

EFFECTIVE = 5  # the place of an entry's effective date in its row

Row = tuple[Any, ...]


@dataclass(slots=True)
class Sheet:
    """What a batch of played accounts wants written."""

    entries: list[Row] = field(default_factory=list)
    bills: list[Row] = field(default_factory=list)
    instalments: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    remainders: list[Row] = field(default_factory=list)


def post(
    *,
    customers: Collection[int],
    by: Actor,
    at: dt.datetime,
    closed_through: dt.date | None = None,
    changed_from: dt.date | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Play the customers' accounts and book what differs; answers how many entries were booked.

    Part of the caller's transaction and of its audit operation. Idempotent: a second call books nothing. Month-ends
    are posted through the last day that the close has accrued, or through `closed_through`. What changes a past that
    is closed (entries, met instalments, or what the caller knows of: `changed_from`) is stated anew by the next close.
    """
    ordered = sorted(set(customers))
    booked = 0
    with transaction.atomic():
        _open(ordered)
        for start in range(0, len(ordered), BATCH):
            batch = ordered[start : start + BATCH]
            booked += _post_batch(batch, closed_through, changed_from, by, at)
            if progress:
                progress(len(batch))
    return booked


def lock(*, customers: Sequence[int], by: Actor, at: dt.datetime) -> None:
    """Hold the customers' accounts until the end of the transaction, opening those that are missing.

    Whoever is going to lock a row of the account (a repayment, a bill) and then post takes the account first: two
    that take them in opposite order would wait for each other for ever.
    """
    _open(customers)
    _lock(customers)


def close_openings(context: StepContext) -> None:
    """Let nobody open an account of the step's partition until the end of the transaction; waits for who does.

    Only accounts that are there can be locked. One that is opened beside a month's end would be charged by neither:
    the close does not see it yet, and the opening does not see that the month is over.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [OPENINGS, context.partition])


def _open(customers: Sequence[int]) -> None:
    """Open the accounts that are missing, before any is locked: who waits for a month's end must hold nothing of it."""
    statement = f"{sql.load('bills', 'await_month_end')};{sql.load('bills', 'open_accounts')}"
    with connection.cursor() as cursor:
        cursor.execute(statement, {"customers": list(customers), "lock": OPENINGS})


def _lock(customers: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", "lock_accounts"), {"customers": list(customers)})


def _post_batch(
    customers: list[int], closed_through: dt.date | None, changed_from: dt.date | None, by: Actor, at: dt.datetime
) -> int:
    _lock(customers)
    accrued_through = closing.done_through(
        ACCRUE
    )  # read under the lock: a close of the same customers is over or waits
    accepted = facts.of(customers)
    booked = facts.live_entries(customers)
    sheet = Sheet()
    for customer in customers:
        closed = closed_through or accrued_through(customer)
        played = account.play(accepted[customer], closed_through=closed)
        before = len(sheet.entries)
        _compare(sheet, customer, played, booked.get(customer, {}), at)
        dates = [changed_from, *(entry[EFFECTIVE] for entry in sheet.entries[before:])]
        _state(sheet, customer, played, accepted[customer])
        balances = (customer, played.balance, played.credit, _latest(played))
        sheet.accounts.append((*balances, min((date for date in dates if date), default=None), closed))
    _write(sheet, customers)
    return len(sheet.entries)


def _compare(sheet: Sheet, customer: int, played: Account, booked: dict[EntryKey, Row], at: dt.datetime) -> None:
    """Reverse every live entry that the played account does not hold, book every one that the ledger lacks."""
    wanted = {key: amount for key, amount in played.entries.items() if amount}
    for key, (entry, amount) in booked.items():
        if wanted.get(key) != amount:
            sheet.entries.append(_entry(customer, key, -amount, at, reverses=entry))
    for key, amount in wanted.items():
        if key not in booked or booked[key][1] != amount:
            sheet.entries.append(_entry(customer, key, amount, at))


def _entry(customer: int, key: EntryKey, amount: Decimal, at: dt.datetime, reverses: int | None = None) -> Row:
    booked_as = EntryKind.REVERSAL if reverses else key.kind
    causes = (key.cause.key if key.cause and key.cause.kind is kind else None for kind in CauseKind)
    return (customer, key.bill, key.component, booked_as, amount, key.date, at, *causes, reverses)


def _latest(played: Account) -> dt.date | None:
    """The last day that an entry or a met instalment of the account speaks of."""
    booked = (key.date for key, amount in played.entries.items() if amount)
    met = (due.met_date for bill in played.bills.values() for due in bill.dues if due.met_date)
    return max(chain(booked, met), default=None)


def _state(sheet: Sheet, customer: int, played: Account, accepted: Facts) -> None:
    for key, bill in played.bills.items():
        opened = bill.open
        sheet.bills.append(
            (
                key,
                opened[Component.PRINCIPAL],
                opened[Component.INSTALMENT_FEE],
                opened[Component.LATE_FEE],
                opened[Component.INTEREST],
                opened[Component.COST],
                bill.accrued,
                bill.posted,
                bill.interest_accrued,
                bill.interest_posted,
                bill.accrued_through,
                bill.settled_date,
                bill.written_off_date,
            )
        )
        grace = bill.fact.terms.grace_days
        sheet.instalments += [
            (
                *(key, customer, d.number, d.due_date, grace, d.amount, d.fee, d.open, d.met_date),
                *(d.restructuring, d.replaced_by),
            )
            for d in bill.dues
        ]
    kept = {key.cause: ZERO for key in played.entries}
    for entry, amount in played.entries.items():
        if entry.component is Component.CREDIT:
            kept[entry.cause] -= amount
    sheet.remainders += [
        (
            r.kind,
            r.key,
            kept.get(r.cause, ZERO),
            played.unbilled.get(r.key, ZERO) if r.kind is EntryKind.REFUND else ZERO,
        )
        for r in accepted.receipts
    ]


def _write(sheet: Sheet, customers: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", "stage_posting"))
        _copy(cursor, f"posted_entry ({ENTRY})", sheet.entries)  # a table behind walls takes no COPY
        cursor.execute(sql.load("bills", "post_entries"))
        _copy(cursor, f"posted_bill ({BILL})", sheet.bills)
        _copy(cursor, f"posted_instalment ({INSTALMENT})", sheet.instalments)
        _copy(cursor, f"posted_account ({ACCOUNT})", sheet.accounts)
        _copy(cursor, f"posted_remainder ({REMAINDER})", sheet.remainders)
        cursor.execute("analyze posted_bill, posted_instalment, posted_account, posted_remainder")
        for statement in ("bills", "instalments", "lapsed_instalments", "accounts", "repayments", "refunds"):
            cursor.execute(sql.load("bills", f"post_{statement}"), {"customers": customers})


def _copy(cursor: Any, target: str, rows: Iterable[Row]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
