"""What the libraries miss, on every captured model: nothing may be missed here."""

import json
from typing import Any

import psycopg
import pytest
import rfc8785
from django.db import IntegrityError, ProgrammingError, connection, connections, models, transaction
from django.db.models import F

from apps.access.queries import policies
from apps.audit.domain import canonical
from apps.audit.domain.texts import Form
from apps.audit.models import Change
from apps.audit.queries import catalogue
from apps.core.sql import poured
from tests.audit import rows
from tests.audit.conftest import captured

pytestmark = pytest.mark.usefixtures("bare_tables")

MODELS = [model for _, model in sorted(catalogue.captured().items())]
FROZEN = catalogue.append_only()
CHANGING = [model for model in MODELS if model._meta.db_table not in FROZEN]
APPENDING = [model for model in MODELS if model._meta.db_table in FROZEN]

WALLED = {wall.table for wall in policies.walled().values()}  # which take no COPY but by way of another table


def name(model: Any) -> str:
    return str(model._meta.label)


def execute(sql: str, params: Any = None, using: str = "default") -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, params)


def table(model: type[models.Model]) -> str:
    return f'"{model._meta.db_table}"'


def key(model: type[models.Model]) -> str:
    return f'"{model._meta.pk.column}"'


def update_of(model: type[models.Model]) -> dict[str, Any]:
    field = rows.changing_field(model)
    return {field.attname: rows.value(field, next(rows.numbers))}


def changed(row: models.Model) -> models.Model:
    for name, value in update_of(type(row)).items():
        setattr(row, name, value)
    return row


def copy_in(model: type[models.Model], lines: list[models.Model]) -> None:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields)
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        behind_walls = model._meta.db_table in WALLED
        way = poured(cursor, table(model), columns) if behind_walls else cursor.copy(copying(table(model), columns))
        with way as copy:
            for line in lines:
                copy.write_row(rows.line(line))


def copying(into: str, columns: str) -> str:
    return f"COPY {into} ({columns}) FROM STDIN"


def insert_raw(row: models.Model) -> None:
    fields = row._meta.local_concrete_fields
    columns, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    execute(f"INSERT INTO {table(type(row))} ({columns}) VALUES ({marks})", rows.line(row))


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_every_way_to_add_a_row_is_captured(model: type[models.Model]) -> None:
    new = rows.new

    assert captured(model, lambda: rows.saved(model)) == "I"
    assert captured(model, lambda: model._base_manager.bulk_create([new(model), new(model)])) == "II"
    assert captured(model, lambda: copy_in(model, [new(model), new(model), new(model)])) == "III"
    assert captured(model, lambda: insert_raw(new(model))) == "I"


@pytest.mark.parametrize("model", CHANGING, ids=name)
def test_every_way_to_change_a_row_is_captured(model: type[models.Model]) -> None:
    row, other = rows.saved(model), rows.saved(model)
    manager = model._base_manager
    field = rows.changing_field(model)
    value = rows.line(changed(rows.new(model)))[model._meta.local_concrete_fields.index(field)]
    raw = f'UPDATE {table(model)} SET "{field.column}" = %s WHERE {key(model)} = %s'

    assert captured(model, lambda: changed(row).save()) == "U"
    assert captured(model, lambda: manager.filter(pk=row.pk).update(**update_of(model))) == "U"
    assert captured(model, lambda: manager.bulk_update([changed(row), changed(other)], [field.name])) == "UU"
    assert captured(model, lambda: execute(raw, [value, row.pk])) == "U"


@pytest.mark.parametrize("model", CHANGING, ids=name)
def test_a_change_by_expression_is_captured(model: type[models.Model]) -> None:
    numeric = [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.IntegerField | models.DecimalField) and not field.primary_key
    ]
    row = rows.saved(model)
    if numeric:
        setattr(row, numeric[0].attname, F(numeric[0].name) + 1)

    assert captured(model, row.save) == ("U" if numeric else "")


@pytest.mark.parametrize("model", CHANGING, ids=name)
def test_every_way_to_take_a_row_away_is_captured(model: type[models.Model]) -> None:
    manager = model._base_manager
    first, second, third, fourth = (rows.saved(model) for _ in range(4))

    if not cascades_into_frozen_rows(model):
        assert captured(model, first.delete) == "D"
        assert captured(model, lambda: manager.filter(pk=second.pk).delete()) == "D"
    assert captured(model, lambda: manager.filter(pk=third.pk)._raw_delete("default")) == "D"
    assert captured(model, lambda: execute(f"DELETE FROM {table(model)} WHERE {key(model)} = %s", [fourth.pk])) == "D"


def cascades_into_frozen_rows(model: type[models.Model]) -> bool:
    relations = [field for field in model._meta.get_fields() if field.auto_created and field.is_relation]
    return any(
        relation.related_model
        and relation.related_model._meta.db_table in FROZEN
        and getattr(relation, "on_delete", None) is models.CASCADE
        for relation in relations
    )


@pytest.mark.parametrize("model", CHANGING, ids=name)
def test_an_upsert_and_a_merge_are_captured_for_what_they_did(model: type[models.Model]) -> None:
    row, field = rows.saved(model), rows.changing_field(model)
    upsert = [changed(row), rows.new(model)]

    def merge() -> None:
        columns = [f'"{field.column}"' for field in model._meta.local_concrete_fields]
        execute(
            f"MERGE INTO {table(model)} t USING (SELECT * FROM {table(model)} WHERE {key(model)} = %s) s"
            f" ON t.{key(model)} = s.{key(model)} + %s"
            f" WHEN MATCHED THEN DELETE"
            f" WHEN NOT MATCHED THEN INSERT ({', '.join(columns)}) VALUES"
            f" ({', '.join(column_after(column, model) for column in columns)})",
            [row.pk, 10**6],
        )

    assert sorted(captured(model, lambda: upserted(model, upsert, field))) == ["I", "U"]
    if not has_unique_columns(model):
        assert captured(model, merge) == "I"
        assert captured(model, merge) == "D"


def upserted(model: type[models.Model], upsert: list[models.Model], field: models.Field) -> None:
    model._base_manager.bulk_create(
        upsert, update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=[field.name]
    )


def column_after(column: str, model: type[models.Model]) -> str:
    return f"s.{column} + 1000000" if column == key(model) else f"s.{column}"


def has_unique_columns(model: type[models.Model]) -> bool:
    constraints = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    return bool(constraints) or any(f.unique and not f.primary_key for f in model._meta.local_concrete_fields)


@pytest.mark.parametrize("model", CHANGING, ids=name)
def test_what_changes_nothing_leaves_nothing(model: type[models.Model]) -> None:
    row = rows.saved(model)
    row.refresh_from_db()

    def undone() -> None:
        with transaction.atomic():
            changed(rows.saved(model)).save()
            transaction.set_rollback(True)

    assert captured(model, row.save) == ""
    assert captured(model, lambda: model._base_manager.filter(pk=row.pk).update(**{model._meta.pk.name: row.pk})) == ""
    assert captured(model, lambda: model._base_manager.filter(pk=-1).update(**update_of(model))) == ""
    assert captured(model, undone) == ""


@pytest.mark.parametrize("model", CHANGING, ids=name)
def test_emptying_a_table_is_captured_and_the_application_may_not(model: type[models.Model]) -> None:
    rows.saved(model)
    last = Change.objects.order_by("-seq").values_list("seq", flat=True)[0]

    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(f"TRUNCATE {table(model)}")
    execute(f"TRUNCATE {table(model)}", using="owner")

    change = Change.objects.get(seq__gt=last, object_type=model._meta.label_lower)
    assert (change.kind, change.op_seq, change.db_role) == ("T", None, "whiteslip_owner")


@pytest.mark.parametrize("model", APPENDING, ids=name)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {key} = {key}", "DELETE FROM {}", "TRUNCATE {}", "DELETE FROM {} WHERE false"]
)
def test_append_only_rows_stay_as_they_are_for_everybody(model: type[models.Model], statement: str) -> None:
    rows.saved(model)
    sql = statement.format(table(model), key=key(model))

    for using, error, words in (
        ("owner", IntegrityError, "append-only"),
        ("default", ProgrammingError, "permission denied"),
        ("auditor", ProgrammingError, "permission denied"),
    ):
        with pytest.raises(error, match=words):
            execute(sql, using=using)


def superuser() -> psycopg.Connection:
    settings = connections["default"].settings_dict
    return psycopg.connect(host=settings["HOST"], user="postgres", dbname=settings["NAME"], autocommit=True)


@pytest.mark.parametrize("model", CHANGING, ids=name)
def test_not_even_a_superuser_in_replica_mode_passes_unseen(model: type[models.Model]) -> None:
    row = rows.saved(model)
    last = Change.objects.order_by("-seq").values_list("seq", flat=True)[0]

    with superuser() as power:
        power.execute("SET session_replication_role = replica")
        power.execute(f"DELETE FROM {table(model)} WHERE {key(model)} = %s", [row.pk])

    change = Change.objects.get(seq__gt=last)
    assert (change.kind, change.object_id, change.db_role) == ("D", str(row.pk), "postgres")


def expected(row: models.Model) -> dict[str, Any]:
    """The leaf's values of a new row, written by Python."""
    written: dict[str, Any] = {}
    hidden = {*getattr(row, "personal_fields", ()), *getattr(row, "secret_fields", ())}
    for field in row._meta.local_concrete_fields:
        value = getattr(row, field.attname)
        if value is None or field.name in hidden:
            continue
        form = catalogue.form_of(field)
        written[catalogue.column_of(field)] = [None, str(value) if form == Form.DIGITS else value]
    return written


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_a_row_reads_the_same_in_every_language_and_session(model: type[models.Model]) -> None:
    row = rows.new(model)
    with connection.cursor() as cursor:
        cursor.execute("SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'German, DMY'; SET extra_float_digits = -5")
    insert_raw(row)
    with connection.cursor() as cursor:
        cursor.execute("RESET TimeZone; RESET DateStyle; RESET extra_float_digits")

    change = Change.objects.latest("seq")
    diff = json.loads(change.diff)
    assert rfc8785.dumps(diff).decode() == change.diff
    shown = {name: value for name, value in diff.items() if not isinstance(value, dict)}
    assert canonical.dumps(shown) == canonical.dumps(expected(row))
    hidden = {*getattr(row, "personal_fields", ()), *getattr(row, "secret_fields", ())}
    assert {name for name, value in diff.items() if isinstance(value, dict)} == hidden
