"""The wall around a request: every transaction of it is held to what its user may see, by the database itself."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import ClientCursor, sql
from psycopg.errors import error_from_result
from psycopg.pq import Escaping, ExecStatus, TransactionStatus

from apps.access.domain.scope import Scope, Standing
from apps.access.domain.walls import settings_of

NOBODY = Scope(Standing.NOBODY)
OPEN = "SET LOCAL ROLE NONE"
RESULTS = 2  # of what is sent ahead of a transaction's first statement


class Wall:
    """Sends ahead of each transaction's first statement, in one message with it, who looks at the database.

    Until it knows, nobody looks, who sees nothing of any customer. Whoever sees the whole book stays the application's
    own role and pays nothing. What is set lasts for the transaction, so that a pooler may hand the connection on; a
    statement outside of one is a transaction. What passes by Django's cursors is not seen to: a COPY, or the driver's
    own `execute`, is not to be the first of a transaction.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        """Nobody is known yet."""
        self.connection = connection
        self.ahead = _ahead(NOBODY, None)
        self.in_force = ""
        self.block: object = None  # the transaction in which that is in force

    @classmethod
    @contextmanager
    def around(cls, scope: Scope = NOBODY, actor: int | None = None) -> Iterator["Wall"]:
        """Put a wall around a block: of this scope, or of whoever is admitted in it."""
        connection = connections[DEFAULT_DB_ALIAS]
        wall = cls(connection)
        wall.admit(scope, actor)
        token = _current.set(wall)
        try:
            with connection.execute_wrapper(wall):
                yield wall
        finally:
            _current.reset(token)
            wall.fall()

    @staticmethod
    def current() -> "Wall | None":
        """The wall around the work at hand; none around a command, a job or a migration, which are the system's."""
        return _current.get()

    def admit(self, scope: Scope, actor: int | None) -> None:
        """Say who looks from now on."""
        self.ahead = _ahead(scope, actor) if scope.is_walled else ""

    def __call__(
        self, execute: Callable[..., Any], statement: Any, parameters: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Execute a statement, the first one of a transaction after what says who looks."""
        block = next(iter(self.connection.atomic_blocks), None)
        if block is not self.block or self._status() == TransactionStatus.IDLE:
            self.in_force, self.block = "", block
        if self.in_force == self.ahead:
            return execute(statement, parameters, many, context)
        ahead = self.ahead or f"{OPEN}; SELECT set_config('walls.standing', '', true)"
        cursor: Any = context["cursor"].cursor
        if many or not isinstance(statement, str) or not isinstance(cursor, ClientCursor):
            return self._apart(ahead, lambda: execute(statement, parameters, many, context))
        ahead = ahead if parameters is None else ahead.replace("%", "%%")
        found = execute(f"{ahead}; {statement}", parameters, many, context)
        for _result in range(RESULTS):
            cursor.nextset()
        self.in_force = self.ahead
        return found

    def kept(self, chunks: Iterable[Any]) -> Iterator[Any]:
        """What is made piece by piece after the block, behind the same wall."""
        pieces = iter(chunks)
        while True:
            with self._again():
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    @contextmanager
    def _again(self) -> Iterator[None]:
        with self.connection.execute_wrapper(self):
            yield
        self.fall()

    def fall(self) -> None:
        """Be the application itself again in a transaction that goes on, as a test's does."""
        if self.in_force and self._status() == TransactionStatus.INTRANS:
            self._send(OPEN)
        self.in_force = ""

    def _apart(self, ahead: str, execute: Callable[[], Any]) -> Any:
        """Say who looks by a message of its own; a statement outside of every transaction gets one around it."""
        alone = self.connection.get_autocommit() and self._status() == TransactionStatus.IDLE
        if alone:
            self._send(f"BEGIN; {ahead}")
        else:
            with self.connection.connection.cursor() as cursor:  # the driver begins where nobody has
                cursor.execute(ahead)
            self.in_force = self.ahead
        try:
            return execute()
        except BaseException:
            if alone:
                self._send("ROLLBACK")
                alone = False
            raise
        finally:
            if alone:
                self._send("COMMIT")

    def _send(self, message: str) -> None:
        result = self.connection.connection.pgconn.exec_(message.encode())
        if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
            raise error_from_result(result)

    def _status(self) -> TransactionStatus:
        driver = self.connection.connection
        return TransactionStatus.IDLE if driver is None else driver.info.transaction_status


_current: ContextVar[Wall | None] = ContextVar("whiteslip_wall", default=None)


def _ahead(scope: Scope, actor: int | None) -> str:
    role = sql.Identifier(settings.DATABASE_WALLED_ROLE).as_string()
    pairs = ", ".join(
        f"set_config('{name}', {_literal(value)}, true)" for name, value in settings_of(scope, actor).items()
    )
    return f"SET LOCAL ROLE {role}; SELECT {pairs}"


def _literal(value: str) -> str:
    return bytes(Escaping().escape_string(value.encode())).decode().join("''")
