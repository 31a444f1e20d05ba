"""How a change is captured: long values, moved keys, personal values, big statements after small ones."""

import datetime as dt
import hashlib
import json
import time
from decimal import Decimal

import psycopg
import pytest
import rfc8785
from django.db import connection, connections

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit.domain import capture
from apps.audit.domain.capture import Column, Table
from apps.audit.domain.difference import FieldChange, fields
from apps.audit.domain.texts import Form
from apps.audit.models import Change, Operation
from apps.audit.queries import catalogue
from apps.core.domain.actor import System
from apps.customers.domain.contact import ContactKind
from apps.customers.models import ContactPoint, Customer
from apps.customers.models.sealed import Personal
from apps.outreach.models import Template

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


def customer(reference: str = "C-1") -> Customer:
    return Customer.objects.create(reference=reference, name="Amber Fig", joined_date=dt.date(2026, 1, 1))


def latest() -> Change:
    return Change.objects.latest("seq")


def test_a_moved_key_is_one_row_gone_and_one_come(db: None) -> None:
    team = Team.objects.create(code="east", name="The east")
    last = latest().seq

    Team.objects.filter(pk=team.pk).update(id=team.pk + 5_000)

    found = Change.objects.filter(seq__gt=last).values_list("kind", "object_id")
    assert set(found) == {("D", str(team.pk)), ("I", str(team.pk + 5_000))}


def test_a_value_too_long_for_a_leaf_is_named_by_its_length_and_digest(db: None) -> None:
    body = "請" * 100_000
    Template.objects.create(code="reminder", channel="sms", language="zh-hans", version=1, body=body)

    text = json.dumps(body, ensure_ascii=False).encode()
    assert json.loads(latest().diff)["body"] == [
        None,
        {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()},
    ]


@pytest.mark.parametrize("letter", ["a", "\x01", '"', "請"])
def test_a_text_stands_in_full_as_long_as_its_json_has_room(db: None, letter: str) -> None:
    room = next(table.room for table in catalogue.tables() if table.name == Template._meta.db_table)
    size = len(json.dumps(letter, ensure_ascii=False).encode()) - 2
    most = (room - 2) // size

    for number, length in enumerate((room // 6, room // 6 + 1, most, most + 1), start=1):
        Template.objects.create(code="r", channel="sms", language="en", version=number, body=letter * length)
        shown = json.loads(latest().diff)["body"][1]
        assert (shown == letter * length) == (length <= most)
        assert isinstance(shown, str) or shown["bytes"] == length * size + 2


def test_a_salt_is_never_met_twice(fresh_database: str) -> None:
    with audit.operation("customers.add", by=BY, at=AT):
        amber = customer()
        amber.name = "Amber Oak"
        amber.save(update_fields=["name"])
        amber.name, amber.profile = "Amber Fig", {"education": "school"}
        amber.save(update_fields=["name", "profile"])

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT salt), min(length(salt)) FROM audit.personal")
        assert cursor.fetchone() == (6, 6, 32)


def test_a_commitment_is_the_digest_of_the_salt_and_the_value(fresh_database: str) -> None:
    with audit.operation("customers.add", by=BY, at=AT):
        point = ContactPoint.objects.create(customer=customer(), kind=ContactKind.PHONE, value="+8613800000000")

    change = Change.objects.get(object_type="customers.contactpoint")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT field, subject, salt, old, new FROM audit.personal WHERE change_seq = %s", [change.seq])
        ((field, subject, salt, old, new),) = cursor.fetchall()
    assert (field, subject, old) == ("value", f"customers.customer:{point.customer_id}", None)
    assert new == json.dumps(point.value.token)
    assert json.loads(change.diff)["value"] == {"c": [None, hashlib.sha256((salt + new).encode()).hexdigest()]}


def test_every_row_of_a_statement_has_salts_of_its_own(fresh_database: str) -> None:
    with audit.operation("customers.add", by=BY, at=AT):
        Customer.objects.bulk_create(
            [Customer(reference=f"C-{n}", name="Amber Fig", joined_date=dt.date(2026, 1, 1)) for n in range(5)]
        )
        Customer.objects.update(name=Personal(token="~k.Amber"))

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT salt) FROM audit.personal")
        assert cursor.fetchone() == (20, 20)  # name, document and profile when added, the name when changed


def test_a_large_statement_after_small_ones_does_not_join_row_by_row(db: None) -> None:
    def seconds(rows: int) -> float:
        started = time.perf_counter()
        Team.objects.filter(code__startswith="t-", pk__in=keys[:rows]).update(name=f"Team {started}")
        return time.perf_counter() - started

    Team.objects.bulk_create([Team(code=f"t-{n}", name="Team") for n in range(20_000)])
    keys = list(Team.objects.filter(code__startswith="t-").values_list("pk", flat=True))
    for _ in range(8):  # enough for a plan to be kept
        seconds(1)

    assert seconds(20_000) < 20
    assert Change.objects.filter(object_type="access.team", kind="U").count() == 20_008


def test_a_change_reads_field_by_field() -> None:
    diff = '{"amount":["1.00","2.00"],"body":[null,{"bytes":9,"sha256":"abcdef0123456789"}],"name":{"c":[null,"ff"]}}'

    assert list(fields(diff)) == [
        FieldChange("amount", "1.00", "2.00"),
        FieldChange("body", None, "9 bytes, SHA-256 abcdef012345…"),
        FieldChange("name", None, "•••", is_hidden=True),
    ]


def test_the_generated_text_is_the_same_each_time_and_sorted_by_column() -> None:
    columns = (Column("name", Form.TEXT), Column("amount", Form.DIGITS))
    table = Table("t", "x.t", "name", columns)

    body = capture.function_body(table)
    assert body == capture.function_body(table)
    assert body.index('"amount":[') < body.index('"name":[')


def test_a_leaf_holds_all_columns_in_canonical_form(db: None) -> None:
    with audit.operation("customers.add", by=BY, at=AT, reason='quotes " and 中文') as op:
        op.on, op.detail = customer(), {"z": Decimal("1.10"), "a": [1, None]}

    with connection.cursor() as cursor:
        cursor.execute("SET TimeZone = 'Asia/Kathmandu'")
        cursor.execute("SELECT audit.leaf(o) FROM audit.operation o WHERE seq = %s", [op.seq])
        leaf = cursor.fetchone()[0]
        cursor.execute("SELECT audit.leaf(c) FROM audit.change c WHERE op_seq = %s", [op.seq])
        change = cursor.fetchone()[0]
        cursor.execute("RESET TimeZone")

    assert rfc8785.dumps(json.loads(leaf)).decode() == leaf
    assert rfc8785.dumps(json.loads(change)).decode() == change
    assert json.loads(leaf)["at"] == "2026-09-01T04:00:00.000000Z"
    assert json.loads(leaf)["detail"] == {"a": [1, None], "z": "1.10"}
    assert set(json.loads(leaf)) >= {field.name for field in Operation._meta.fields}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit.operation SET actor = 'user:1'",
        "DELETE FROM audit.change",
        "TRUNCATE audit.change",
        "INSERT INTO audit.change (seq, xid, kind, recorded_at, object_type, object_id, diff)"
        " VALUES (1, '1', 'I', now(), '', '', '')",
        "SELECT * FROM audit.personal",
        "SELECT setval('audit.seq', 1)",
        "DROP TRIGGER audit_capture_insert ON access_team",
        "ALTER TABLE access_team DISABLE TRIGGER ALL",
        "SELECT audit.guard_partitions()",
    ],
)
@pytest.mark.parametrize("role", ["default", "auditor"])
def test_neither_the_application_nor_the_auditor_gets_at_the_book(db: None, role: str, statement: str) -> None:
    settings = connections[role].settings_dict

    with (
        psycopg.connect(host=settings["HOST"], user=settings["USER"], dbname=settings["NAME"]) as role_connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        role_connection.execute(statement)
