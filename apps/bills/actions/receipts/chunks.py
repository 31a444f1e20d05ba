"""Taking a file's queued rows: a chunk is one transaction with its audit operation and its row of progress."""

import datetime as dt
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection

from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.domain.kinds import CauseKind
from apps.bills.models import Intake, IntakeChunk
from apps.bills.queries import references
from apps.core import sql
from apps.core.domain.actor import Actor

OTHER_CAUSES = f"num_nonnulls({', '.join(f'e.{kind}_id' for kind in CauseKind if kind is not CauseKind.REPAYMENT)})"
Words = dict[str, Any]


def take_all(*, intake: Intake, progress: Callable[[int], None], by: Actor, at: dt.datetime) -> None:
    """Take chunk after chunk until none is left; somebody else may do the same beside us.

    A chunk that another holds is passed over, and waited for at the end: its holder may die.
    """
    start = perf_counter()
    for waits in (False, True):
        while (rows := _take_next(intake, waits, by, at + dt.timedelta(seconds=perf_counter() - start))) is not None:
            progress(rows)


def _take_next(intake: Intake, waits: bool, by: Actor, at: dt.datetime) -> int | None:
    start = perf_counter()
    with audit.operation("bills.take_intake_chunk", by=by, at=at, on=intake) as op:
        open_chunks = IntakeChunk.objects.filter(intake=intake, finished_at__isnull=True).order_by("number")
        chunk = open_chunks.select_for_update(skip_locked=not waits).first()
        if chunk is None:
            op.nothing_happened = True
            return None
        words: Words = {"intake": intake.pk, "first": chunk.first_row_id, "last": chunk.last_row_id, "at": at}
        references.hold(alone=chunk.is_suspense)
        if chunk.is_suspense:
            chunk.parked = _run("park", words)
        else:
            _book(chunk, words, by, at)
        if chunk.created + chunk.parked < chunk.rows:
            chunk.refused = _run("named", words)
        chunk.unchanged = chunk.rows - chunk.created - chunk.parked - chunk.refused
        _run("dequeue", words)
        chunk.seconds, chunk.finished_at = perf_counter() - start, at
        chunk.save()
        op.sentence = f"Part {chunk.number} of {intake.file_name}: {chunk.created:,} booked, {chunk.parked:,} parked."
        op.detail = {"chunk": chunk.number, "created": chunk.created, "parked": chunk.parked, "played": chunk.played}
    return chunk.rows


def _book(chunk: IntakeChunk, words: Words, by: Actor, at: dt.datetime) -> None:
    """Book the repayments and allocate them: at once where nothing comes after them, else by playing the account."""
    posting.lock(customers=_customers("waiting_customers", words), by=by, at=at)
    _run("prepare", words)
    chunk.created = _run("take", words)
    _run("plain", words)
    _run("allot", words)
    played = _customers("others", words)
    posting.post(customers=played, by=by, at=at)
    chunk.played = len(played)


def _run(name: str, words: Words) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", f"receipts/{name}").replace("/* other causes */", OTHER_CAUSES), words)
        rows: int = cursor.rowcount
    return rows


def _customers(name: str, words: Words) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", f"receipts/{name}"), words)
        return [customer for (customer,) in cursor.fetchall()]
