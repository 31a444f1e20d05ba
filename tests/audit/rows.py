"""Rows of any captured model, made from its columns alone."""

import datetime as dt
import uuid
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.ranges import RangeField
from django.db import connections, models

FIRST_DAY = dt.date(2026, 1, 1)
FIRST_MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
numbers = count(1001)


def drop_constraints() -> None:
    """Take every CHECK, foreign key, exclusion and check by a trigger of ours off the tables: they take any value."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint"
            " WHERE contype IN ('c', 'f', 'x') AND connamespace = 'public'::regnamespace"
        )
        cursor.execute(";".join(statement for (statement,) in cursor.fetchall()))
        cursor.execute(
            "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)"
            " FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid"
            " WHERE NOT tgisinternal AND p.pronamespace = 'public'::regnamespace"
        )
        cursor.execute(";".join(statement for (statement,) in cursor.fetchall()))


def value(field: models.Field, number: int) -> Any:
    """A value of the field that no other number gives."""
    if isinstance(field, models.ForeignKey) and field.null:
        return None
    if isinstance(field, ArrayField):
        return [value(field.base_field, number)]
    if isinstance(field, RangeField):
        return (None, None)
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.DecimalField):
        places = field.decimal_places or 0
        return Decimal(number % 10 ** min(4, (field.max_digits or 9) - places - 1)).quantize(Decimal(1).scaleb(-places))
    if isinstance(field, models.ForeignKey | models.IntegerField):
        return number
    if isinstance(field, models.FloatField):
        return float(number)
    if isinstance(field, models.DateTimeField):
        return FIRST_MOMENT + dt.timedelta(hours=number)
    if isinstance(field, models.DateField):
        return FIRST_DAY + dt.timedelta(days=number)
    if isinstance(field, models.JSONField):
        return {"number": number}
    if isinstance(field, models.UUIDField):
        return uuid.UUID(int=number)
    return str(number)[-(field.max_length or 10) :]


def new(model: type[models.Model]) -> models.Model:
    """An unsaved row with every column filled."""
    number = next(numbers)
    columns = {field.attname: value(field, number) for field in model._meta.local_concrete_fields}
    return model(**columns)


def saved(model: type[models.Model]) -> models.Model:
    """A row in the table."""
    row = new(model)
    row.save(force_insert=True)
    return row


def changing_field(model: type[models.Model]) -> models.Field:
    """A field that an update may change: not the key, and a different value each time."""
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    plain = [field for field in fields if not isinstance(field, models.BooleanField | models.ForeignKey)]
    return (plain or fields)[0]


def line(row: models.Model) -> tuple[Any, ...]:
    """The row as COPY takes it."""
    return tuple(
        field.get_db_prep_save(getattr(row, field.attname), connections["default"])
        for field in row._meta.local_concrete_fields
    )
