"""What the book costs: the same writes with and without it, by turns, as ratios of the medians of their times."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
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
Say = Callable[[str], object]
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


def audit(*, rows: int, rounds: int, say: Say) -> dict[str, float]:
    """Single saves, an update of many rows and COPY (of a quarter as many), each against the same without the book."""
    _prepare(rows)
    some = rows // 4
    times: dict[str, list[float]] = {}
    sizes: dict[str, list[float]] = {}
    for number in range(rounds):
        say(f"Round {number + 1} of {rounds} ...")
        copies = {name: _copied(model, f"{number}", some) for name, model in _each(number)}
        bulk = {name: _measured(sizes, name, rows, _updated, model, rows) for name, model in _each(number)[:2]}
        saves = _saved(sizes)
        for kind, seconds in (("copy", copies), ("bulk", bulk), ("save", saves)):
            for name, value in seconds.items():
                times.setdefault(f"{kind}_{name}", []).append(value)
    took = {name: median(values) for name, values in times.items()}
    return {
        "rows": rows,
        "save_ratio": _ratio(took, "save"),
        "bulk_ratio": _ratio(took, "bulk"),
        "copy_ratio": _ratio(took, "copy"),
        "copy_personal_ratio": round(took["copy_plain"] / took["copy_personal"], 3),
        "us_per_save": round((took["save_captured"] - took["save_plain"]) * 1e6, 1),
        "us_per_bulk_change": round((took["bulk_captured"] - took["bulk_plain"]) / rows * 1e6, 1),
        "us_per_copied_row": round((took["copy_captured"] - took["copy_plain"]) / some * 1e6, 1),
        "us_per_personal_row": round((took["copy_personal"] - took["copy_plain"]) / some * 1e6, 1),
        "bytes_per_save": round(median(sizes["save"])),
        "bytes_per_bulk_change": round(median(sizes["captured"])),
    }


def _ratio(took: dict[str, float], kind: str) -> float:
    return round(took[f"{kind}_plain"] / took[f"{kind}_captured"], 3)


def _each(number: int) -> list[tuple[str, type[Row]]]:
    """The variants, each of the first two first every other round."""
    first: list[tuple[str, type[Row]]] = [("plain", Plain), ("captured", Captured)]
    return [*(first if number % 2 else first[::-1]), ("personal", Personal)]


def _prepare(rows: int) -> None:
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
        _copied(model, "first", rows)


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


def _copied(model: type[Row], mark: str, rows: int) -> float:
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


def _updated(model: type[Row], rows: int) -> float:
    turns: list[float] = []
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
    with _timed(model, turns):
        model._base_manager.using("default").filter(pk__lte=rows).update(amount=models.F("amount") + 1)
    return turns[0]


def _saved(sizes: dict[str, list[float]]) -> dict[str, float]:
    """Seconds for one save of each variant, in turns of many."""
    turns: dict[str, list[float]] = {"plain": [], "captured": []}
    held = {name: list(model._base_manager.order_by("pk")[:SAVES]) for name, model in _each(1)[:2]}
    before = _size()
    for _ in range(SAVE_TURNS):
        for name, found in held.items():
            each: list[float] = []
            for row in found:
                with _timed(type(row), each):
                    row.amount += 1
                    row.changed_at += dt.timedelta(minutes=1)
                    row.save()
            turns[name].append(median(each))
    sizes.setdefault("save", []).append((_size() - before) / (SAVES * SAVE_TURNS))
    return {name: median(values) for name, values in turns.items()}


def _measured(
    sizes: dict[str, list[float]], name: str, rows: int, act: Callable[..., float], *arguments: object
) -> float:
    before = _size()
    seconds = act(*arguments)
    sizes.setdefault(name, []).append((_size() - before) / rows)
    return seconds


def _size() -> int:
    """Bytes of the book, its indexes included."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relnamespace = 'audit'::regnamespace"
            " AND relkind = 'r'"
        )
        return int(cursor.fetchone()[0])
