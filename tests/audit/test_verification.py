"""The verification names what was tampered with, and finds nothing where nothing was."""

import datetime as dt

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit.actions import installation
from apps.audit.models import Operation
from apps.audit.queries import catalogue, schema_faults, trail, verification
from apps.core.domain.actor import System
from apps.core.sql import load

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


def power(*statements: str) -> None:
    """Run statements as the superuser that no guard stops."""
    settings = connections["default"].settings_dict
    with psycopg.connect(host=settings["HOST"], user="postgres", dbname=settings["NAME"], autocommit=True) as superuser:
        for statement in statements:
            superuser.execute(statement)


def faults() -> set[str]:
    return {fault.code for fault in verification.verify().faults}


def add_team(code: str = "east") -> int:
    with audit.operation("teams.add", by=BY, at=AT) as op:
        Team.objects.create(code=code, name="The east")
    assert op.seq is not None
    return op.seq


def test_a_book_that_nobody_touched_is_whole(fresh_database: str) -> None:
    add_team()

    found = verification.verify()

    assert found.faults == []
    assert found.events == trail.status(AT)["events"] > 1
    assert trail.status(AT)["unattributed"] == 0


UNGUARDED = "ALTER TABLE {} DISABLE TRIGGER audit_append_only"


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("ALTER TABLE access_team DISABLE TRIGGER audit_capture_update", "altered_trigger"),
        ("ALTER TABLE access_team ENABLE TRIGGER audit_capture_update", "altered_trigger"),
        ("DROP TRIGGER audit_capture_insert ON access_team", "missing_trigger"),
        ("DROP TRIGGER audit_append_only ON bills_ledgerentry", "missing_trigger"),
        ("ALTER TABLE audit.change_default DISABLE TRIGGER audit_append_only", "altered_trigger"),
        ("CREATE TABLE audit.change_1999_01 PARTITION OF audit.change"
         " FOR VALUES FROM ('1999-01-01') TO ('1999-02-01')", "missing_trigger"),
        ("CREATE OR REPLACE FUNCTION audit.capture_access_team() RETURNS trigger LANGUAGE plpgsql AS"
         " 'BEGIN RETURN NULL; END'", "altered_function"),
        ("ALTER FUNCTION audit.capture_access_team() SECURITY INVOKER", "altered_function"),
        ("ALTER FUNCTION audit.refuse_change() OWNER TO postgres", "altered_function"),
        ("CREATE FUNCTION audit.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", "foreign_function"),
        ("GRANT UPDATE ON audit.operation TO whiteslip_app", "privilege"),
        ("GRANT DELETE ON bills_ledgerentry TO whiteslip_app", "privilege"),
        ("GRANT TRUNCATE ON access_team TO whiteslip_app", "privilege"),
        ("GRANT SELECT ON audit.personal TO whiteslip_auditor", "privilege"),
        ("GRANT INSERT ON audit.change TO PUBLIC", "privilege"),
        ("GRANT UPDATE (name) ON access_team TO whiteslip_auditor", "privilege"),
        ("CREATE TABLE mine (id int)", "foreign_table"),
        ("ALTER TABLE access_team ADD mine int", "foreign_column"),
        ("ALTER TABLE access_team DROP name", "missing_column"),
        ("ALTER TABLE access_team OWNER TO whiteslip_app", "power"),
        ("INSERT INTO access_team (code, name, products) VALUES ('by hand', 'By hand', '{}')", "unattributed"),
    ],
)  # fmt: skip
def test_what_was_tampered_with_is_named(fresh_database: str, tampering: str, fault: str) -> None:
    add_team()

    power(tampering)

    assert fault in faults()


def test_a_deleted_envelope_is_missed(fresh_database: str) -> None:
    seq = add_team()

    power("SET session_replication_role = replica", "ALTER TABLE audit.operation DISABLE TRIGGER ALL",
          *unguarded("operation", f"DELETE FROM {{}} WHERE seq = {seq}"))  # fmt: skip

    assert "change_without_envelope" in faults()


def unguarded(book: str, statement: str) -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM audit." + book + " LIMIT 1")
        part = cursor.fetchone()[0]
    return [
        f"ALTER TABLE {part} DISABLE TRIGGER audit_append_only",
        statement.format(part),
        f"ALTER TABLE {part} ENABLE ALWAYS TRIGGER audit_append_only",
    ]


def test_a_change_moved_to_another_operation_is_found(fresh_database: str) -> None:
    first, second = add_team("east"), add_team("west")

    power(*unguarded("change", f"UPDATE {{}} SET op_seq = {second} WHERE op_seq = {first}"))

    assert "change_of_another_transaction" in faults()


def test_the_guards_come_back_with_the_next_migration_and_the_book_says_so(fresh_database: str) -> None:
    power(
        "DROP TRIGGER audit_capture_insert ON access_team",
        "ALTER TABLE cases_case DISABLE TRIGGER audit_capture_update",
        "GRANT UPDATE ON audit.operation TO whiteslip_app",
        "CREATE FUNCTION audit.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION audit.capture_access_role() SECURITY INVOKER",
    )

    assert set(installation.sync(by=BY, at=AT)) >= {"access_team", "cases_case"}

    assert faults() == set()
    entry = Operation.objects.filter(action="audit.install").latest("seq")
    assert "access_team" in entry.detail
    assert installation.sync(by=BY, at=AT) == []


def test_every_table_of_ours_is_captured_or_says_why_not() -> None:
    captured = set(catalogue.captured())

    assert {model.__name__ for model in catalogue.records() if model._meta.db_table not in captured} == {
        model.__name__ for model in catalogue.records() if model.audit_exempt
    }
    assert catalogue.append_only() >= {"bills_ledgerentry"}


def test_a_database_without_the_roles_is_refused_in_words(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setitem(settings.DATABASES["auditor"], "USER", "nobody_here")

    with pytest.raises(ImproperlyConfigured, match="lacks the role nobody_here"):
        installation.sync(by=BY, at=AT)


def test_the_partitions_are_made_ahead_and_a_missing_one_stops_no_write(fresh_database: str) -> None:
    later = dt.datetime(2031, 3, 15, tzinfo=dt.UTC)

    assert installation.prepare_partitions(by=BY, at=later) == 12  # four months of three tables
    assert installation.prepare_partitions(by=BY, at=later) == 0
    assert faults() == set()

    power(*(f"DROP TABLE audit.{name}" for name in partitions()))
    add_team("after")
    assert installation.prepare_partitions(by=BY, at=later) == 12
    assert faults() == set()


def partitions() -> list[str]:
    from apps.audit.queries import installation as installed

    return [name for name in installed.book_tables(connections["owner"]) if name[-1].isdigit()]


def test_a_change_of_the_schema_is_in_the_trail_where_a_superuser_has_arranged_it(fresh_database: str) -> None:
    assert not schema_faults.is_watched(connections["auditor"])
    power(load("audit", "watch_schema"))
    assert schema_faults.is_watched(connections["auditor"])

    power("ALTER TABLE access_team ADD mine int", "ALTER TABLE access_team DROP mine", "CREATE TEMP TABLE passing ()")
    installation.sync(by=BY, at=AT)
    installation.prepare_partitions(by=BY, at=dt.datetime(2031, 3, 15, tzinfo=dt.UTC))

    noted = Operation.objects.filter(action="trail.ddl").order_by("seq")
    assert list(noted.values_list("actor", "sentence")[:3]) == [
        ("db:postgres", "ALTER TABLE public.access_team"),
        ("db:postgres", "ALTER TABLE public.access_team.mine"),
        ("db:postgres", "ALTER TABLE public.access_team"),
    ]
    made = Operation.objects.get(action="audit.partitions")
    assert str(made.seq) in {trail.detail_of(operation)["op"] for operation in noted}
    assert faults() == set()
    power("ALTER EVENT TRIGGER audit_ddl DISABLE")
    assert faults() == {"altered_trigger"}
