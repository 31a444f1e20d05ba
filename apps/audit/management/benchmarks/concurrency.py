"""Many writers at once, each a process with a connection of its own, while the sealer seals every two seconds.

As pgbench would: each sends the very messages that a save under an operation consists of, with two milliseconds of
other work in the transaction after the write; without the book the same messages less what belongs to it.
"""

import datetime as dt
import multiprocessing
import time
from bisect import bisect_left
from multiprocessing.connection import Connection
from typing import Any

from django.db import connections
from django.utils import timezone
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn

from apps.audit.actions import sealing, transactions
from apps.audit.management.benchmarks.rows import BY, Captured, Plain, Row
from apps.audit.queries import seals
from apps.core import sql

EVERY = 2.0  # seconds from one sealing to the next
WORK = "SELECT pg_sleep(0.002)"
UPDATE = "UPDATE {} SET amount = amount + 1, changed_at = changed_at + interval '1 minute' WHERE id = {}"
ACTION = "benchmark.concurrent"
fork = multiprocessing.get_context("fork")


def measured(clients: int, seconds: int) -> dict[str, float]:
    """Transactions a second with the book, and their share of those without; p99 of the seconds from commit to seal."""
    plain = _written(Plain, clients, seconds)
    since = timezone.now()
    answer, theirs = fork.Pipe(duplex=False)
    connections.close_all()
    sealer = fork.Process(target=_seal_on, args=(theirs, seconds + 2 * EVERY))
    sealer.start()
    captured = _written(Captured, clients, seconds)
    ended = answer.recv()
    sealer.join()
    return {
        "concurrent_per_second": captured,
        "concurrent_ratio": captured / plain,
        "seal_p99_seconds": _p99(_lags(ended, since)),
    }


def _written(model: type[Row], clients: int, seconds: int) -> float:
    """Transactions a second of that many writers."""
    connections.close_all()
    results = fork.SimpleQueue()
    writers = [fork.Process(target=_write_on, args=(results, model, n, clients, seconds)) for n in range(clients)]
    for writer in writers:
        writer.start()
    written: int = sum(results.get() for _ in writers)
    for writer in writers:
        writer.join()
    return written / seconds


def _write_on(results: Any, model: type[Row], number: int, clients: int, seconds: int) -> None:
    connections["default"].ensure_connection()
    driver: PGconn = connections["default"].connection.pgconn
    begin, end = ("BEGIN", "COMMIT") if model is Plain else (f"BEGIN; {transactions.NUMBER}", f"{_envelope()}; COMMIT")
    written, deadline = 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        for message in (f"{begin}; {UPDATE.format(model._meta.db_table, 1 + number + written * clients)}", WORK, end):
            result = driver.exec_(message.encode())
            if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
                raise error_from_result(result)
        written += 1
    results.put(written)


def _envelope() -> str:
    values = (
        None, timezone.now(), 1, ACTION, "allow", BY.actor_id, BY.acting_role, "", "", "", "", ACTION, "", "shell", "",
        "", "Wrote what is measured.", "{}",
    )  # fmt: skip
    statement = sql.load("audit", "record").replace("%s", "current_setting('audit.op')::bigint", 1)
    return sql.filled(statement, values)


def _seal_on(answer: Connection, seconds: float) -> None:
    """Seal by the clock, and say when each batch was sealed and signed: the last of its numbers, the moment."""
    ended: list[tuple[int, float]] = []
    started = time.monotonic()
    while (turn := time.monotonic()) < started + seconds:
        sealing.seal(by=BY, at=timezone.now())
        last = seals.last("default")
        ended.append((last.number if last else 0, time.time()))
        time.sleep(max(turn + EVERY - time.monotonic(), 0))
    answer.send(ended)


def _lags(ended: list[tuple[int, float]], since: dt.datetime) -> list[float]:
    """Seconds between the end of each transaction and that of its sealing."""
    found = seals.rows(
        "default",
        "select b.number, extract(epoch from o.recorded_at)::float from audit.operation as o"
        " join audit.batch as b on o.xid::text::bigint >= b.low and o.xid::text::bigint < b.high"
        " where o.action = %(action)s and o.recorded_at >= %(since)s",
        {"action": ACTION, "since": since},
    )
    numbers = [number for number, _ in ended]
    return [ended[bisect_left(numbers, number)][1] - committed for number, committed in found]


def _p99(values: list[float]) -> float:
    return sorted(values)[len(values) * 99 // 100]
