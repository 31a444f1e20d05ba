"""Which tables the book captures, as the models declare it."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.ranges import RangeField
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from apps.audit.domain.capture import Column, Table
from apps.audit.domain.texts import Form
from apps.core.models import Record

FORMS: tuple[tuple[type[models.Field], Form], ...] = (  # type: ignore[type-arg]
    (models.BooleanField, Form.FLAG),
    (models.BigIntegerField, Form.DIGITS),  # BigAutoField too
    (models.IntegerField, Form.NUMBER),
    (models.DecimalField, Form.DIGITS),
    (models.UUIDField, Form.DIGITS),
    (models.DateTimeField, Form.MOMENT),
    (models.DateField, Form.DATE),
    (models.CharField, Form.TEXT),
    (models.TextField, Form.TEXT),
    (models.JSONField, Form.JSON),
    (RangeField, Form.RANGE),
)


def records() -> list[type[Record]]:
    """Every table-backed model of ours."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Record) and model._meta.managed and not model._meta.proxy
    ]


def captured() -> dict[str, type[models.Model]]:
    """The models whose rows are captured, by table; the link tables of their many-to-many fields included."""
    models_ = [model for model in records() if not model.audit_exempt]
    links = [
        through
        for model in models_
        for field in model._meta.local_many_to_many
        if (through := field.remote_field.through) and through._meta.auto_created
    ]
    return {model._meta.db_table: model for model in (*models_, *links)}


def append_only() -> set[str]:
    """The tables that refuse UPDATE, DELETE and TRUNCATE."""
    return {model._meta.db_table for model in records() if model.append_only}


def tables() -> list[Table]:
    """The captured tables as the generator of trigger functions needs them."""
    return [table_of(model) for _, model in sorted(captured().items())]


def emptied() -> list[Table]:
    """The append-only tables whose personal columns an erasure empties."""
    frozen = append_only()
    return [table for table in tables() if table.name in frozen and any(column.personal for column in table.columns)]


def secret_columns(model: type[Record]) -> set[str]:
    """The columns whose values nobody but the product itself may read."""
    return {column_of(field) for field in model._meta.local_concrete_fields if field.name in model.secret_fields}


def table_of(model: type[models.Model]) -> Table:
    """One table as the generator needs it."""
    key = model._meta.pk
    if isinstance(key, models.CompositePrimaryKey):
        raise ImproperlyConfigured(f"{model._meta.label}: the audit captures tables with a key of one column")
    fields = {field.name: field for field in model._meta.local_concrete_fields}
    subject = fields[getattr(model, "personal_subject", "") or key.name]
    person = subject.related_model if isinstance(subject, models.ForeignKey) else model
    return Table(
        name=model._meta.db_table,
        object_type=model._meta.label_lower,
        key=column_of(key),
        columns=tuple(_columns(model)),
        subject_type=person._meta.label_lower,
        subject_column=column_of(subject),
    )


def _columns(model: type[models.Model]) -> Iterator[Column]:
    personal, secret = getattr(model, "personal_fields", ()), getattr(model, "secret_fields", ())
    for field in model._meta.local_concrete_fields:
        yield Column(
            name=column_of(field),
            form=form_of(field),
            personal=field.name in personal,
            secret=field.name in secret,
            unbounded=isinstance(field, models.TextField | models.JSONField | ArrayField),
        )


def column_of(field: models.Field) -> str:  # type: ignore[type-arg]
    """The name of the column in which a field of a table is kept."""
    assert field.column is not None
    return field.column


def form_of(field: models.Field) -> Form:  # type: ignore[type-arg]
    """How a field's values are written; a kind of field that has no canonical form yet is refused."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, ArrayField):
        base = form_of(field.base_field)
        if base in (Form.TEXT, Form.NUMBER, Form.FLAG):
            return Form.LIST
        if base == Form.DIGITS:
            return Form.DIGIT_LIST
    for kind, form in FORMS:
        if isinstance(field, kind):
            return form
    raise ImproperlyConfigured(f"{field}: {type(field).__name__} has no canonical form in the audit yet")
