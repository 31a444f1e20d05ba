"""Sealing every personal value anew under the key in force, batch by batch, while everybody works."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model
from psycopg import sql as text

from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.customers.domain import sealing
from apps.customers.models.keyring import ring
from apps.customers.models.sealed import Sealed, purpose

BATCH = 2_000
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column, and whether its table is never changed: then its old key must stay."""

    model: type[Model]
    field: Sealed
    is_fixed: bool

    @property
    def name(self) -> str:
        """As people name it: `customers.customer.name`."""
        return f"{self.model._meta.label_lower}.{self.field.name}"


def columns() -> list[Column]:
    """Every sealed column of ours."""
    return [
        Column(model, field, bool(getattr(model, "append_only", False)))
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, Sealed)
    ]


def reseal(*, progress: Progress, by: Actor, at: dt.datetime) -> dict[str, int]:
    """Seal anew what lies under another key than the one in force; answers how many values of each column.

    A batch is one transaction and one operation: killed anywhere, it goes on with what is left.
    """
    done = {}
    for column in columns():
        if column.is_fixed:
            continue
        done[column.name] = 0
        for count in _batches(column, by, at):
            done[column.name] += count
            progress(column.name, count)
    return done


def left() -> dict[str, int]:
    """How many values of each column lie under another key than the one in force."""
    found = {}
    with connection.cursor() as cursor:
        for column in columns():
            cursor.execute(_statement("SELECT count(*) FROM {table} WHERE {other}", column), [_others()])
            if count := int(cursor.fetchone()[0]):
                found[column.name] = count
    return found


def in_use() -> frozenset[str]:
    """The names of the keys under which any value lies."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for column in columns():
            cursor.execute(_statement("SELECT DISTINCT split_part({column}, '.', 1) FROM {table}", column))
            found |= {sealing.key_of(name) for (name,) in cursor.fetchall() if name}
    return frozenset(found)


def _batches(column: Column, by: Actor, at: dt.datetime) -> Iterator[int]:
    while True:
        with audit.operation("personal.reseal", by=by, at=at) as op:
            count = _reseal_some(column)
            op.nothing_happened = not count
            op.sentence = f"Sealed {count} values of {column.name} under the key {ring().current}."
            op.detail = {"column": column.name, "values": count, "key": ring().current}
        if not count:
            return
        yield count


def _reseal_some(column: Column) -> int:
    keys = ring()
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(
                "SELECT id, {owner}, {column} FROM {table} WHERE {other} ORDER BY id LIMIT %s FOR NO KEY UPDATE", column
            ),
            [_others(), BATCH],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        sealed = []
        for _key, owner, token in rows:
            for_what = purpose(column.field.context, owner)
            sealed.append(keys.seal(keys.open(token, for_what), for_what))
        if rows:
            cursor.execute(
                _statement(
                    "UPDATE {table} SET {column} = n.token FROM unnest(%s::bigint[], %s::text[]) AS n (id, token) "
                    "WHERE n.id = {table}.id",
                    column,
                ),
                [[row[0] for row in rows], sealed],
            )
    return len(rows)


def _others() -> str:
    """How a value under the key in force begins."""
    return f"~{ring().current}.%"


def _statement(statement: str, column: Column) -> str:
    names = {
        "table": text.Identifier(column.model._meta.db_table),
        "column": text.Identifier(str(column.field.column)),
        "owner": text.Identifier(column.field.owner),
        "other": text.SQL("{0} <> '' AND {0} NOT LIKE %s").format(text.Identifier(str(column.field.column))),
    }
    return text.SQL(statement).format(**names).as_string(None)
