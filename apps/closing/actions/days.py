"""Closing business days: in order, each step once for each partition, wherever the close was killed before."""

import contextvars
import datetime as dt
import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from time import perf_counter
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from apps.audit import actions as audit
from apps.closing import queries, registry
from apps.closing.domain import order, result
from apps.closing.domain.result import Result
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day, Progress
from apps.closing.registry import Step, StepContext
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.dates import closing_moment
from apps.core.domain.refusal import Refused

PARTITIONS = 2
LOCK = 7_220_401  # advisory: one closer at a time (the session's), and one at a time on a partition (the transaction's)
PATIENCE = "3s"  # a closer that was killed may still be in its last statement

OnDay = Callable[[dt.date], None]


def close(
    date: dt.date,
    *,
    partitions: int = PARTITIONS,
    since: dt.date | None = None,
    by: Actor,
    at: dt.datetime,
    progress: OnDay | None = None,
) -> Result:
    """Close the next open day, or go on with one that was interrupted; a closed day is answered with what was done.

    `since` is the first day of a book that lived elsewhere before; it has no effect once a day is closed.
    """
    with alone(by=by, at=at), _Crew() as crew:
        done = _close(date, partitions, since, crew, by, _Clock(at))
    if progress:
        progress(date)
    return done


def close_through(
    date: dt.date,
    *,
    partitions: int = PARTITIONS,
    since: dt.date | None = None,
    by: Actor,
    at: dt.datetime,
    progress: OnDay | None = None,
) -> Result:
    """Close every open day through the date, in order."""
    clock = _Clock(at)
    done = []
    with alone(by=by, at=at), _Crew() as crew:
        order.check(date, due=None, today=_today(at))
        day = queries.next_day(since)
        while day is not None and day <= date:
            done.append(_close(day, partitions, since, crew, by, clock))
            if progress:
                progress(day)
            day += order.DAY
    return result.together(done)


def alone(*, by: Actor, at: dt.datetime) -> AbstractContextManager[None]:
    """Be the only one who closes days, or states closed ones anew; refused where somebody else does."""
    refusal = Refused("The day is being closed by somebody else.", code="closed_elsewhere")
    return sql.alone(LOCK, -1, patience=PATIENCE, refusal=refusal)


class _Clock:
    """The door's moment plus what has passed since."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at
        self.start = perf_counter()

    def now(self) -> dt.datetime:
        return self.at + dt.timedelta(seconds=perf_counter() - self.start)


class _Crew:
    """One thread for each partition but the first, each with a connection of its own that it keeps from day to day.

    Meanwhile what the process has loaded is not searched for garbage: rows that come and go by the thousand would
    have all of it searched time and again.
    """

    def __init__(self) -> None:
        self.threads: dict[int, ThreadPoolExecutor] = {}

    def __enter__(self) -> "_Crew":
        gc.freeze()
        return self

    def start(self, partition: int, work: Callable[..., None], *arguments: object) -> "Future[None]":
        if partition not in self.threads:
            self.threads[partition] = ThreadPoolExecutor(1, thread_name_prefix=f"close-{partition}")
        return self.threads[partition].submit(contextvars.copy_context().run, work, *arguments)

    def __exit__(self, *_: object) -> None:
        for thread in self.threads.values():
            thread.submit(_hang_up)
        for thread in self.threads.values():
            thread.shutdown()
        gc.unfreeze()


def _hang_up() -> None:
    connection.close()  # the connection of the thread that runs this


def _today(at: dt.datetime) -> dt.date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _close(date: dt.date, partitions: int, since: dt.date | None, crew: _Crew, by: Actor, clock: _Clock) -> Result:
    day = Day.objects.filter(date=date).first()
    if day is None:
        day = _begin(date, partitions, since, by, clock)
    if day.status != DayStatus.CLOSED:
        _run(day, crew, by, clock)
        _end(day, by, clock)
    return queries.result_of(day)


def _begin(date: dt.date, partitions: int, since: dt.date | None, by: Actor, clock: _Clock) -> Day:
    with audit.operation("close.begin", by=by, at=clock.now()) as op:
        order.check(date, due=queries.next_day(since), today=_today(clock.at))
        if not 1 <= partitions <= 64:
            raise Refused(f"A day is closed in 1 to 64 partitions, not {partitions}.", code="partitions")
        day = Day.objects.create(date=date, partitions=partitions, started_at=clock.now())
        op.on = day
        op.sentence = f"Began to close {date}."
    return day


def _end(day: Day, by: Actor, clock: _Clock) -> None:
    with audit.operation("close.end", by=by, at=clock.now(), on=day) as op:
        day.status = DayStatus.CLOSED
        day.closed_at = clock.now()
        day.save(update_fields=["status", "closed_at"])
        op.detail = dict(queries.result_of(day).counts)
        op.sentence = f"Closed {day.date}."


def _run(day: Day, crew: _Crew, by: Actor, clock: _Clock) -> None:
    """Run every step for every partition, side by side: the work is the database's, a thread only waits for it."""
    waiting = [crew.start(n, _run_partition, day, n, by, clock) for n in range(1, day.partitions)]
    try:
        _run_partition(day, 0, by, clock)
    finally:
        wait(waiting)
    for part in waiting:
        part.result()


def _run_partition(day: Day, partition: int, by: Actor, clock: _Clock) -> None:
    done = set(Progress.objects.filter(day=day, partition=partition).values_list("step", flat=True))
    for step in registry.steps():
        if step.name not in done:
            _run_step(day, partition, step, by, clock)


def _run_step(day: Day, partition: int, step: Step, by: Actor, clock: _Clock) -> None:
    """One transaction: the step's writes, the row that says it is done, and its one audit operation."""
    moment = closing_moment(day.date, ZoneInfo(settings.TIME_ZONE))
    start = perf_counter()
    with audit.operation(f"close.{step.name}", by=by, at=clock.now(), on=day) as op:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, partition])
        if Progress.objects.filter(day=day, step=step.name, partition=partition).exists():
            op.nothing_happened = True  # done by a closer that was killed while it committed
            return
        counts = step.run(StepContext(day.date, moment, partition, day.partitions, by))
        Progress.objects.create(
            day=day,
            step=step.name,
            partition=partition,
            rows=counts.get("rows", 0),
            counts=counts,
            seconds=perf_counter() - start,
            finished_at=clock.now(),
        )
        op.detail = {**counts, "partition": partition}
        op.sentence = f"{step.name} of {day.date}, part {partition + 1} of {day.partitions}."
