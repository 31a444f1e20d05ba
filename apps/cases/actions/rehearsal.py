"""Closing days on shadows of the book: the close's own steps, on temporary tables that lie over the real ones."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from apps.bills.models import Account, BucketMove
from apps.cases.actions import strategies
from apps.cases.domain import strategy
from apps.cases.domain.holds import Stop, stopping
from apps.cases.domain.simulation import Tally
from apps.cases.domain.status import ExistingCases, VersionStatus
from apps.cases.models import (
    Case,
    Hold,
    Promise,
    PromiseMove,
    StageMove,
    StrategyArm,
    StrategySegment,
    StrategyStep,
    StrategyVersion,
    Task,
    VersionMove,
)
from apps.closing import registry
from apps.closing.registry import StepContext
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.dates import closing_moment
from apps.outreach.models import CallAttempt, GateDecision, Message

SHADOWED = (
    Account, BucketMove, Case, StageMove, VersionMove, Task, Promise, PromiseMove, Hold, StrategyVersion, StrategyStep,
    StrategySegment, StrategyArm, Message, GateDecision, CallAttempt,
)  # fmt: skip
AGES = "bills.age"
OURS = "cases."
NOT_OURS = "cases.arrangements"  # it writes the ledger: an arrangement that ends in these very days stands as it stands
WRITTEN = """
select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables
 where schemaname not like 'pg_temp%' and n_tup_ins + n_tup_upd + n_tup_del > 0
"""
OnDay = Callable[[int], None]


def rehearse(
    *,
    version: StrategyVersion,
    document: dict[str, Any],
    days: Sequence[dt.date],
    is_everybody: bool = False,
    by: Actor,
    at: dt.datetime,
    progress: OnDay | None = None,
) -> Tally:
    """Close days as they would be closed with this version in force, and count what comes of it.

    The steps of the close run as they are, over a session's temporary tables of the same names: nothing of the book is
    written, locked or sent. Each day is a transaction of its own.
    """
    found = Tally()
    with _shadows(days[0]):
        with transaction.atomic():
            _put_in_force(version, document, is_everybody, by, at)
        for number, day in enumerate(days, start=1):
            with transaction.atomic(), _untouched():
                if number > 1:
                    _execute("promised", day)
                _close(day, by, found)
            if progress:
                progress(number)
    return found


@contextmanager
def _shadows(first: dt.date) -> Iterator[None]:
    """Lay the shadows over the tables of this session, as they were before the day, and take them away again."""
    tables = [model._meta.db_table for model in SHADOWED]
    try:
        with transaction.atomic(), connection.cursor() as cursor, _untouched():
            for table in tables:
                cursor.execute(f"create temporary table {table} (like public.{table} including all)")
            _execute("rewind", first)
            for table in tables:
                cursor.execute(
                    f"select setval(pg_get_serial_sequence('pg_temp.{table}', 'id'),"  # noqa: S608
                    f" 1 + coalesce((select max(id) from public.{table}), 0))"
                )
                cursor.execute(f"analyze pg_temp.{table}")
            cursor.execute("set search_path = pg_temp, public")  # another path: whatever was planned is planned anew
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset search_path")
            for table in tables:
                cursor.execute(f"drop table if exists pg_temp.{table}")


@contextmanager
def _untouched() -> Iterator[None]:
    """Break the transaction off where it wrote a row of a table that is no shadow."""
    before = _written()
    yield
    changed = sorted(table for table, rows in _written().items() if rows != before.get(table))
    if changed:
        raise RuntimeError(f"A rehearsal wrote to {', '.join(changed)}.")


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def _put_in_force(
    version: StrategyVersion, document: dict[str, Any], is_everybody: bool, by: Actor, at: dt.datetime
) -> None:
    """Publish the version among the shadows, as a publication would."""
    shadow = StrategyVersion.objects.get(pk=version.pk)
    rules = strategy.read(document)
    rule = ExistingCases.AT_ONCE if is_everybody else None
    if shadow.status == VersionStatus.PUBLISHED:
        StrategyVersion.objects.filter(pk=shadow.pk).update(existing_cases=rule or shadow.existing_cases)
        return
    shadow.document = document
    strategies.put_in_force(version=shadow, rules=rules, rule=rule, by=by, at=at)


def _close(day: dt.date, by: Actor, found: Tally) -> None:
    """Run the steps that age the accounts and work the cases, and count what they made."""
    context = StepContext(day, closing_moment(day, ZoneInfo(settings.TIME_ZONE)), 0, 1, by)
    for step in registry.steps():
        if step.name == AGES or (step.name.startswith(OURS) and step.name != NOT_OURS):
            found.add(step.run(context))
    for *place, tasks, messages, blocked, minutes in _rows("made", context):
        found.add_made((place[0], place[1], place[2]), tasks, messages, blocked, minutes)
    found.reasons.update({(step, arm, rule): count for step, arm, rule, count in _rows("blocked", context)})


def _execute(name: str, day: dt.date) -> None:
    moment = closing_moment(day, ZoneInfo(settings.TIME_ZONE))
    with connection.cursor() as cursor:
        cursor.execute(
            sql.load("cases", f"simulate/{name}"), {"date": day, "at": moment, "clock_kinds": stopping(Stop.CLOCK)}
        )


def _rows(name: str, context: StepContext) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("cases", f"simulate/{name}"), {"date": context.date, "at": context.at})
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
