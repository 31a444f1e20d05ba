"""Customers out of a portfolio: sealed on their way from the temporary table into the book."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from apps.core import sql
from apps.core.domain.actor import Actor
from apps.customers.models import people
from apps.customers.models.keyring import ring
from apps.customers.models.sealed import purpose

CHUNK = 5_000
CUSTOMERS = (
    "COPY sealed_customers (reference, name, name_grams, identity, identity_index, language, time_zone, joined_date, "
    "profile) FROM STDIN"
)
POINTS = "COPY sealed_points (customer_id, kind, value, value_index, consented_date) FROM STDIN"

Row = tuple[Any, ...]


def load_staged(*, by: Actor, at: dt.datetime) -> int:
    """Take the new customers of the temporary table staged_customers with their contact points; answers how many.

    Part of the caller's transaction, whose the checked table is, and of its audit operation.
    """
    with transaction.atomic():
        _run("sealed_tables")
        customers = sum(_copy(CUSTOMERS, map(_customer, some)) for some in _staged("staged_new"))
        _run("load_customers")
        for some in _staged("staged_points"):
            _copy(POINTS, map(_point, some))
        _run("load_contact_points")
    return customers


def _customer(row: Row) -> Row:
    """A customer as a file has them, as a row of COPY."""
    reference, name, identity, language, time_zone, joined_date, profile = row
    seal = ring().seal
    facts = "" if profile == "{}" else json.dumps(json.loads(profile), ensure_ascii=False, sort_keys=True)
    return (
        reference, seal(name, purpose(people.NAME, reference)), _array(people.grams(name)),
        seal(identity, purpose(people.IDENTITY, reference)), people.identity_index(identity),
        language, time_zone, joined_date, seal(facts, purpose(people.PROFILE, reference)),
    )  # fmt: skip


def _point(row: Row) -> Row:
    """A contact point of a customer by key, as a row of COPY."""
    key, kind, value, consented_date = row
    value = value.strip()
    sealed = ring().seal(value, purpose(people.CONTACT, key))
    return key, kind, sealed, people.contact_index(kind, value), consented_date


def _run(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("customers", name))


def _array(numbers: list[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


def _staged(name: str) -> Iterator[list[Row]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql.load("customers", name))
        while some := cursor.fetchmany(CHUNK):
            yield some


def _copy(statement: str, rows: Iterator[Row]) -> int:
    written = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            written += 1
    return written
