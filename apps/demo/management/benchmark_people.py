"""The customers of the books that the benchmarks measure on, sealed as the product seals them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg

from apps.core import sql
from apps.customers.models import people
from apps.customers.models.keyring import ring
from apps.customers.models.sealed import purpose

CHUNK = 10_000
CUSTOMERS = (
    "COPY customers_customer (id, reference, name, name_grams, identity, language, time_zone, joined_date, profile)"
    " FROM STDIN"
)
POINTS = "COPY customers_contactpoint (customer_id, kind, value, value_index, is_valid, consented_date) FROM STDIN"
Row = tuple[Any, ...]


def enrol(owner: psycopg.Connection, customers: int, joined_date: dt.date, *, reachable: bool) -> None:
    """So many customers, numbered, and where they are to be reachable two contact points each on an average."""
    with owner.cursor() as cursor, cursor.copy(CUSTOMERS) as copy:
        for row in _customers(customers, joined_date):
            copy.write_row(row)
    if not reachable:
        return
    with owner.cursor(name="benchmark_points") as points:
        points.execute(sql.load("demo", "benchmark_points"))
        while some := points.fetchmany(CHUNK):
            with owner.cursor() as cursor, cursor.copy(POINTS) as copy:
                for key, kind, is_valid, consented_date in some:
                    value = f"{kind}-{key}"
                    sealed = ring().seal(value, purpose(people.CONTACT, key))
                    copy.write_row((key, kind, sealed, people.contact_index(kind, value), is_valid, consented_date))


def _customers(count: int, joined_date: dt.date) -> Iterator[Row]:
    keys = ring()
    for key in range(1, count + 1):
        name, reference = f"Customer {key}", f"C-{key}"
        grams = f"{{{','.join(map(str, people.grams(name)))}}}"
        sealed = keys.seal(name, purpose(people.NAME, reference))
        yield key, reference, sealed, grams, "", "zh-hans", "Asia/Shanghai", joined_date, ""
