"""The book that the benchmarks measure on, and the connections that make it and copy it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models import NOT_PROVIDED
from psycopg import sql as text

from apps.core import sql
from apps.core.domain.dates import closing_moment
from apps.demo.management import benchmark_people

FIRST = dt.date(2026, 6, 10)  # the first day that is closed; the steady days that follow end before the month does
BEFORE = dt.date(2000, 1, 1)
FILLED = ("customers_customer", "bills_product", "bills_productterms", "bills_bill", "bills_repayment")


def moment(day: dt.date) -> dt.datetime:
    """The closing moment of a day."""
    return closing_moment(day, ZoneInfo(settings.TIME_ZONE))


def lead_to(name: str) -> None:
    """Point all connections of this process to a database."""
    connections.close_all()
    for alias in settings.DATABASES:
        settings.DATABASES[alias]["NAME"] = name


def connected(name: str) -> psycopg.Connection:
    """A connection of the owner's to a database."""
    owner: Mapping[str, Any] = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        dbname=name,
        autocommit=True,
        **owner.get("OPTIONS", {}),
    )


@contextmanager
def copy_of(base: str, name: str) -> Iterator[str]:
    """A database that is a copy of another while inside, to which nobody is connected; answers its name."""
    connections.close_all()
    copy = text.Identifier(name)
    with connected("postgres") as owner:
        owner.execute(text.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
        owner.execute(text.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(copy, text.Identifier(base)))
        try:
            yield name
        finally:
            connections.close_all()
            owner.execute(text.SQL("DROP DATABASE {} WITH (FORCE)").format(copy))


def fill(customers: int) -> None:
    """Make the book of so many customers in the database that the process is led to."""
    names = {"customers": customers, "date": FIRST, "at": moment(FIRST), "after": BEFORE}
    make(("benchmark_book", "benchmark_receipts", "benchmark_event"), names)


def make(statements: Iterable[str], names: Mapping[str, Any]) -> None:
    """Make a book by statements, unseen by the trail, with references checked by nobody and indexes made at its end."""
    connections.close_all()
    with connected(str(settings.DATABASES["owner"]["NAME"])) as owner, psycopg.ClientCursor(owner) as cursor:
        with owner.transaction():
            owner.execute("SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '512MB'")
            capture(owner, on=False)
            put_back = [*_without_indexes(owner), *_without_foreign_keys(owner)]
            for default in _defaults():
                owner.execute(default)
            for name in statements:
                cursor.execute(sql.load("demo", name), names)
            joined = names["date"] - dt.timedelta(400)
            benchmark_people.enrol(owner, names["customers"], joined, reachable="benchmark_book" in statements)
            for statement in put_back:
                owner.execute(statement)
            for table in FILLED:
                owner.execute(
                    text.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}").format(
                        text.Literal(table), text.Identifier(table)
                    )
                )
        owner.execute("VACUUM (ANALYZE)")


def empty() -> None:
    """Take the book out again."""
    connections.close_all()
    with connected(str(settings.DATABASES["owner"]["NAME"])) as owner:
        capture(owner, on=False)
        owner.execute("DROP TABLE benchmark_due, benchmark_event")
        owner.execute("TRUNCATE customers_customer, bills_product, closing_day CASCADE")


def reopen(owner: psycopg.Connection, *, captured: bool) -> None:
    """Take back what the close of the first day wrote, as if no day were closed."""
    with owner.transaction():
        capture(owner, on=False)
        owner.execute(sql.load("demo", "benchmark_reopen"))
        capture(owner, on=captured)


def capture(owner: psycopg.Connection, *, on: bool) -> None:
    """Let the trail see what happens, or not: the limit has events of its own."""
    found = owner.execute(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
        " JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal"
    ).fetchall()
    with owner.transaction():
        for table, name in found:
            owner.execute(f"ALTER TABLE {table} {'ENABLE ALWAYS' if on else 'DISABLE'} TRIGGER {name}")


def _without_foreign_keys(owner: psycopg.Connection) -> list[str]:
    """Drop the checks of references while millions of rows are made; the statements that bring them back."""
    found = owner.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    ).fetchall()
    for table, name, _ in found:
        owner.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    return [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition} NOT VALID' for table, name, definition in found]


def _without_indexes(owner: psycopg.Connection) -> list[str]:
    """Drop the indexes that are no constraints, which grow faster at once than row by row; what brings them back."""
    found = owner.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
    ).fetchall()
    for name, _ in found:
        owner.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]


def _defaults() -> Iterator[text.Composed]:
    """What the models fill in by themselves, for statements that do not name every column."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if column.default is not NOT_PROVIDED and model.__module__.startswith("apps."):
                value = column.get_default()
                yield text.SQL("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}").format(
                    text.Identifier(model._meta.db_table),
                    text.Identifier(str(column.column)),
                    text.Literal(_plain(value)),
                )


def _plain(value: Any) -> Any:
    return "{}" if value in ({}, []) else value
