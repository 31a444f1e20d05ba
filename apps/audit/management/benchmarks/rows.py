"""The rows that the benchmark writes, without the book, with it, and with a personal column."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any, ClassVar

from django.apps.registry import Apps
from django.conf import settings
from django.db import connection, connections, models, transaction
from django.utils import timezone

from apps.audit import actions
from apps.audit.domain import capture
from apps.audit.queries import catalogue
from apps.core.domain.actor import System

BY = System("benchmark")
SAVES = 50  # in a row, before the other variant has its turn
SAVE_TURNS = 6  # of each variant in a round
COLUMNS = "reference, customer_id, kind, amount, due_date, changed_at, note"
LINES = (
    "SELECT 'R-' || %s || '-' || g, g %% 1000, 'instalment', g * 0.01, date '2026-01-01' + g %% 365,"
    " timestamptz '2026-01-01 08:00:00+08' + g * interval '1 second', 'Dear customer, the amount is due.'"
    " FROM generate_series(1, %s) AS g"
)
apart = Apps()  # these tables are nobody's but the benchmark's


class Row(models.Model):
    """A row like most of the book-keeping's: a reference, keys, an amount, dates and a short text."""

    personal_fields: ClassVar[tuple[str, ...]] = ()

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=40, unique=True)
    customer_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    due_date = models.DateField()
    changed_at = models.DateTimeField()
    note = models.CharField(max_length=200)

    class Meta:
        abstract = True


class Plain(Row):
    """Rows that nothing captures."""

    class Meta:
        apps, app_label, db_table = apart, "benchmark", "benchmark_plain"


class Captured(Row):
    """The same, captured."""

    class Meta:
        apps, app_label, db_table = apart, "benchmark", "benchmark_captured"


class Personal(Row):
    """The same with a personal column."""

    personal_fields: ClassVar[tuple[str, ...]] = ("note",)

    class Meta:
        apps, app_label, db_table = apart, "benchmark", "benchmark_personal"


def variants(number: int) -> list[tuple[str, type[Row]]]:
    """The variants, each of the first two first every other round."""
    first: list[tuple[str, type[Row]]] = [("plain", Plain), ("captured", Captured)]
    return [*(first if number % 2 else first[::-1]), ("personal", Personal)]


def prepare(rows: int) -> None:
    """Make the tables with so many rows each, captured but for the plain one."""
    owner, app = connections["owner"], settings.DATABASES["default"]["USER"]
    for model in (Plain, Captured, Personal):
        with owner.schema_editor() as editor:
            editor.create_model(model)
        with owner.cursor() as cursor:
            name = model._meta.db_table
            cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO "{app}"')
            if model is not Plain:
                table = catalogue.table_of(model)
                cursor.execute(capture.install_function(table))
                for trigger in capture.TRIGGERS:
                    for statement in capture.install_trigger(name, table.function, trigger):
                        cursor.execute(statement)
        copied(model, "first", rows)


@contextmanager
def _timed(model: type[Row], turns: list[float]) -> Iterator[None]:
    started = time.perf_counter()
    if model is Plain:
        with transaction.atomic():
            yield
    else:
        with actions.operation("benchmark.write", by=BY, at=timezone.now()) as op:
            yield
            op.sentence = "Wrote what is measured."
    turns.append(time.perf_counter() - started)


def copied(model: type[Row], mark: str, rows: int) -> float:
    """Seconds to COPY so many new rows, marked so that none came before."""
    turns: list[float] = []
    with connection.cursor() as cursor:
        driver: Any = cursor.cursor
        with driver.copy(f"COPY ({LINES}) TO STDOUT", [mark, rows]) as copy:
            lines = b"".join(copy)
        with _timed(model, turns):
            cursor.execute("SELECT 1")  # a COPY does not begin an operation
            with driver.copy(f"COPY {model._meta.db_table} ({COLUMNS}) FROM STDIN") as copy:
                copy.write(lines)
    return turns[0]


def updated(model: type[Row], rows: int) -> float:
    """Seconds to change so many rows by one statement."""
    turns: list[float] = []
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
    with _timed(model, turns):
        model._base_manager.using("default").filter(pk__lte=rows).update(amount=models.F("amount") + 1)
    return turns[0]


def saved() -> tuple[dict[str, float], float]:
    """Seconds for one save with and without the book, in turns of many; and the bytes that the book keeps of one."""
    turns: dict[str, list[float]] = {"plain": [], "captured": []}
    held = {name: list(model._base_manager.order_by("pk")[:SAVES]) for name, model in variants(1)[:2]}
    before = size()
    for _ in range(SAVE_TURNS):
        for name, found in held.items():
            each: list[float] = []
            for row in found:
                with _timed(type(row), each):
                    row.amount += 1
                    row.changed_at += dt.timedelta(minutes=1)
                    row.save()
            turns[name].append(median(each))
    kept = (size() - before) / (SAVES * SAVE_TURNS)
    return {name: median(values) for name, values in turns.items()}, kept


def size() -> int:
    """Bytes of the book, its indexes included."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relnamespace = 'audit'::regnamespace"
            " AND relkind = 'r'"
        )
        return int(cursor.fetchone()[0])
