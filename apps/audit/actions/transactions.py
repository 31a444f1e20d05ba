"""The transaction of an operation in as few messages as it takes: it begins with the first statement of the block."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import ClientCursor, Connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

NUMBER = "SELECT set_config('audit.op', nextval('audit.seq')::text, true)::bigint"


class Opening:
    """A transaction that begins, and draws its operation's number, in the message of its first statement.

    It wraps what Django executes, and the COPY of any cursor taken meanwhile. What else passes by Django, such as the
    driver's own `execute`, cannot be the first: `end` refuses such a block.
    """

    @staticmethod
    def is_possible(connection: BaseDatabaseWrapper) -> bool:
        """Whether the block just entered is the transaction itself, which one message may then begin and another end.

        A connection with an isolation level or a way of binding parameters of its own is left to Django.
        """
        options = connection.settings_dict["OPTIONS"]
        plain = not options.get("isolation_level") and not options.get("server_side_binding")
        return plain and len(connection.atomic_blocks) == 1 and connection.commit_on_exit

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        """Wait for the first statement."""
        self.connection = connection
        self.number: int | None = None

    @contextmanager
    def attending(self) -> Iterator[None]:
        """See to the first statement of the block, whichever it is."""
        driver = self.connection.connection
        driver.cursor_factory = _copying(driver.cursor_factory)
        _attending[driver] = self
        try:
            with self.connection.execute_wrapper(self):
                yield
        finally:
            del _attending[driver]

    def __call__(
        self, execute: Callable[..., Any], statement: Any, parameters: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Execute a statement, the first one together with BEGIN."""
        cursor: Any = context["cursor"].cursor
        if self.number is not None:
            return execute(statement, parameters, many, context)
        if many or not isinstance(statement, str) or not isinstance(cursor, ClientCursor):
            self.begin()
            return execute(statement, parameters, many, context)
        driver = self.connection.connection
        with self.connection.wrap_database_errors:
            driver.autocommit = True  # else the driver sends a BEGIN of its own before
            try:
                found = execute(f"BEGIN; {NUMBER}; {statement}", parameters, many, context)
            finally:
                if driver.info.transaction_status == TransactionStatus.IDLE:  # nothing was sent
                    driver.autocommit = False
            cursor.nextset()
            ((self.number,),) = cursor.fetchall()
            cursor.nextset()
        return found

    def begin(self) -> int:
        """Begin by a message of its own, unless it has begun; the operation's number."""
        if self.number is None:
            self.number = self._begin()
        return self.number

    def _begin(self) -> int:
        with self.connection.wrap_database_errors:
            driver = self.connection.connection
            result = driver.pgconn.exec_(f"BEGIN; {NUMBER}".encode())
            if result.status == ExecStatus.TUPLES_OK:
                return int(result.get_value(0, 0))
            driver.rollback()  # and once more the ordinary way, for an error that says what is wrong
        return self.draw(self.connection)

    def end(self, envelope: str) -> int:
        """Send the envelope together with COMMIT; the operation's number. Django's own COMMIT then finds it over."""
        driver = self.connection.connection
        self.connection.validate_no_broken_transaction()
        with self.connection.wrap_database_errors:
            begun = driver.info.transaction_status != TransactionStatus.IDLE
            if begun and self.number is None:
                raise RuntimeError("the first statement of an operation passed by Django: the driver's own")
            result = driver.pgconn.exec_(f"{envelope}; COMMIT".encode() if begun else envelope.encode())
            if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
                raise error_from_result(result)
        if self.number is None:  # no statement was executed: the envelope is the transaction
            self.number = int(result.get_value(0, 0))
        return self.number

    @staticmethod
    def draw(connection: BaseDatabaseWrapper) -> int:
        """Draw an operation's number inside the transaction under way; what changes from now on belongs to it."""
        with connection.cursor() as cursor:
            cursor.execute(NUMBER)
            return int(cursor.fetchone()[0])


_attending: WeakKeyDictionary[Connection[Any], Opening] = WeakKeyDictionary()


@cache
def _copying(factory: Any) -> Any:
    """The cursors of a factory, whose COPY begins the operation that waits for its first statement."""
    if hasattr(factory, "begins_operations"):
        return factory

    class Cursor(factory):  # type: ignore[misc]
        begins_operations = True

        def copy(self, *words: Any, **options: Any) -> Any:
            opening = _attending.get(self.connection)
            if opening:
                opening.begin()
            return super().copy(*words, **options)

    return Cursor
