"""An operation's transaction: few messages, and nothing that a transaction of Django's would not keep."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from apps.access.models import Team, User
from apps.audit import actions as audit
from apps.audit.models import Change, Operation
from apps.core.domain.actor import System

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


@contextmanager
def messages(path: Path) -> Iterator[list[str]]:
    """The statements that go to the server meanwhile, message by message, as libpq itself notes them."""
    connection.ensure_connection()
    driver = connection.connection.pgconn
    found: list[str] = []
    with path.open("w") as file:
        driver.trace(file.fileno())
        yield found
        driver.untrace()
    found += [message.partition('"')[2] for message in path.read_text().split("\tF\t")[1:] if "Query" in message]


def book() -> list[tuple[str, str]]:
    """What the book says after the migration's own entries."""
    found = Operation.objects.exclude(channel="migration").order_by("seq")
    return [(operation.action, operation.decision) for operation in found]


def team(code: str = "east") -> Team:
    return Team.objects.create(code=code, name="The east")


def test_an_operation_costs_a_message_less_than_a_transaction_without_one(fresh_database: str, tmp_path: Path) -> None:
    with messages(tmp_path / "plain") as plain, transaction.atomic():
        team("plain")
    with messages(tmp_path / "ours") as ours, audit.operation("teams.add", by=BY, at=AT):
        team()
    with messages(tmp_path / "empty") as empty, audit.operation("teams.look", by=BY, at=AT):
        pass

    assert (len(plain), len(ours), len(empty)) == (3, 2, 1)
    assert ours[0].startswith("BEGIN; SELECT set_config")
    assert "; COMMIT" in ours[1]
    assert connection.connection.info.transaction_status == TransactionStatus.IDLE
    assert connection.get_autocommit()
    assert book() == [("teams.add", "allow"), ("teams.look", "allow")]


def test_the_first_statement_may_be_of_any_kind(fresh_database: str) -> None:
    with audit.operation("number", by=BY, at=AT) as op:
        number = op.seq
        team("number")
    with audit.operation("many", by=BY, at=AT), connection.cursor() as cursor:
        cursor.executemany("INSERT INTO access_team (code, name) VALUES (%s, 'M')", [("m1",), ("m2",)])
    for source in (connection, connection.connection):
        with (
            audit.operation("copy", by=BY, at=AT),
            source.cursor() as cursor,
            cursor.copy("COPY access_team (code, name) FROM STDIN") as copy,
        ):
            copy.write_row((f"copied-{source is connection}".lower(), "Copied"))
    with audit.operation("rows", by=BY, at=AT), connection.cursor() as cursor:
        cursor.execute("SELECT 7 WHERE '%' = '%'")
        assert cursor.fetchall() == [(7,)]
        team("rows")
    with audit.operation("stream", by=BY, at=AT):
        assert len(list(Team.objects.iterator(chunk_size=1))) == 6
        team("stream")

    entered = dict(Operation.objects.exclude(channel="migration").values_list("seq", "action"))
    changes = Change.objects.filter(object_type="access.team").order_by("seq").values_list("op_seq", flat=True)
    assert number is not None
    assert entered[number] == "number"
    assert [entered[seq or 0] for seq in changes] == ["number", "many", "many", "copy", "copy", "rows", "stream"]
    assert len(set(changes)) == 6


def test_what_passes_by_django_before_anything_else_is_undone(fresh_database: str) -> None:
    with (
        pytest.raises(RuntimeError, match="passed by Django"),
        audit.operation("teams.add", by=BY, at=AT),
        connection.connection.cursor() as cursor,
    ):
        cursor.execute("INSERT INTO access_team (code, name) VALUES ('driver', 'The driver''s own')")

    assert book() == [("teams.add", "error")]
    assert not Team.objects.exists()


def test_a_first_statement_that_fails_leaves_the_error_alone(fresh_database: str) -> None:
    with pytest.raises(ProgrammingError), audit.operation("teams.add", by=BY, at=AT), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    with pytest.raises(ProgrammingError), audit.operation("teams.add", by=BY, at=AT), connection.cursor() as cursor:
        cursor.execute("SELECT %s, %s", [1])
    with audit.operation("teams.add", by=BY, at=AT):
        team()

    assert [decision for _, decision in book()] == ["error", "error", "allow"]
    assert Team.objects.count() == 1


def test_what_fails_when_the_transaction_ends_is_an_error_of_the_operation(fresh_database: str) -> None:
    with pytest.raises(IntegrityError), audit.operation("staff.add", by=BY, at=AT):
        User.objects.create(username="wu", name="Wu", password="x", created_at=AT, team_id=10**9)

    assert book() == [("staff.add", "error")]
    assert not User.objects.filter(username="wu").exists()


def test_what_an_inner_transaction_broke_is_not_committed(fresh_database: str) -> None:
    def add() -> None:
        operation = audit.operation("teams.add", by=BY, at=AT)
        with operation, suppress(ZeroDivisionError), transaction.atomic(savepoint=False):
            _ = team().pk / 0

    with pytest.raises(transaction.TransactionManagementError):
        add()

    assert book() == [("teams.add", "error")]
    assert not Team.objects.exists()


def test_a_lost_connection_is_named_as_such(fresh_database: str) -> None:
    connection.ensure_connection()
    connection.connection.close()

    with pytest.raises(OperationalError, match="closed"), audit.operation("teams.add", by=BY, at=AT):
        team()


def test_an_operation_keeps_the_isolation_that_a_connection_asks_for(fresh_database: str) -> None:
    connection.close()
    connection.settings_dict["OPTIONS"]["isolation_level"] = IsolationLevel.SERIALIZABLE
    try:
        with audit.operation("teams.add", by=BY, at=AT), connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == ("serializable",)
    finally:
        del connection.settings_dict["OPTIONS"]["isolation_level"]
        connection.close()

    assert book() == [("teams.add", "allow")]
