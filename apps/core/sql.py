"""Set-based statements, one file each under `apps/<app>/sql/`, and the place that only one session may hold."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import OperationalError
from psycopg import Copy, DataError
from psycopg.abc import Buffer
from psycopg.errors import LockNotAvailable
from psycopg.pq import Escaping

from apps.core.domain.refusal import Refused

APPS = Path(__file__).resolve().parent.parent


@cache
def load(app: str, name: str) -> str:
    """The text of `apps/<app>/sql/<name>.sql`."""
    return (APPS / app / "sql" / f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def alone(lock: int, place: int, *, patience: str, refusal: Refused, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Be the only session in a place; refused where another is still there after the patience (`3s`).

    The database frees the place when this process dies, however it dies.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, false)", [patience])
        try:
            cursor.execute("select pg_advisory_lock(%s, %s)", [lock, place])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise refusal from None
            raise
        finally:
            cursor.execute("select set_config('lock_timeout', '0', false)")
    try:
        yield
    finally:
        with connections[using].cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s, %s)", [lock, place])


@contextmanager
def poured(cursor: Any, table: str, columns: str) -> Iterator[Copy]:
    """A COPY into a table behind walls, which takes none itself: by way of a temporary one, as one statement."""
    cursor.execute(f"create temporary table poured on commit drop as select {columns} from {table} with no data")  # noqa: S608
    with cursor.copy(f"COPY poured ({columns}) FROM STDIN") as copy:
        yield copy
    cursor.execute(f"insert into {table} ({columns}) select {columns} from poured")  # noqa: S608
    cursor.execute("drop table poured")


def filled(statement: str, values: Sequence[object], *, using: str = DEFAULT_DB_ALIAS) -> str:
    """The statement with its values as literals, in a sixth of the time that the driver takes to adapt each by type."""
    connection = connections[using]
    connection.ensure_connection()
    with connection.wrap_database_errors:
        escape = Escaping(connection.connection.pgconn).escape_literal
        return statement % tuple(_literal(value, escape) for value in values)


def _literal(value: object, escape: Callable[[bytes], Buffer]) -> str:
    text = str(value)
    if value is None:
        return "NULL"
    if "\0" in text:
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return bytes(escape(text.encode())).decode()
