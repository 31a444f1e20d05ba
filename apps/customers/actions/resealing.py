"""Sealing every personal value anew under the key in force, batch by batch, while everybody works."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.customers.models.keyring import ring
from apps.customers.models.sealed import purpose
from apps.customers.queries import sealed

BATCH = 2_000
Progress = Callable[[str, int], None]


def reseal(*, progress: Progress, by: Actor, at: dt.datetime) -> dict[str, int]:
    """Seal anew what lies under another key than the one in force; answers how many values of each column.

    A batch is one transaction and one operation: killed anywhere, it goes on with what is left.
    """
    done = {}
    for column in sealed.columns():
        if column.is_fixed:
            continue
        done[column.name] = 0
        for count in _batches(column, by, at):
            done[column.name] += count
            progress(column.name, count)
    return done


def _batches(column: sealed.Column, by: Actor, at: dt.datetime) -> Iterator[int]:
    while True:
        with audit.operation("personal.reseal", by=by, at=at) as op:
            count = _reseal_some(column)
            op.nothing_happened = not count
            op.sentence = f"Sealed {count} values of {column.name} under the key {ring().current}."
            op.detail = {"column": column.name, "values": count, "key": ring().current}
        if not count:
            return
        yield count


def _reseal_some(column: sealed.Column) -> int:
    keys = ring()
    with connection.cursor() as cursor:
        cursor.execute(
            sealed.statement(
                "SELECT id, {owner}, {column} FROM {table} WHERE {other} ORDER BY id LIMIT %s FOR NO KEY UPDATE", column
            ),
            [sealed.others(), BATCH],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        fresh = []
        for _key, owner, token in rows:
            for_what = purpose(column.field.context, owner)
            fresh.append(keys.seal(keys.open(token, for_what), for_what))
        if rows:
            cursor.execute(
                sealed.statement(
                    "UPDATE {table} SET {column} = n.token FROM unnest(%s::bigint[], %s::text[]) AS n (id, token) "
                    "WHERE n.id = {table}.id",
                    column,
                ),
                [[row[0] for row in rows], fresh],
            )
    return len(rows)
