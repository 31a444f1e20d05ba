"""Changes as people read them: the words of columns and values, and what other rows they name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from apps.audit import registry as trail
from apps.audit.domain.difference import FieldChange, fields
from apps.audit.models import Change
from apps.audit.queries import objects
from apps.audit.queries.objects import ObjectKey
from apps.core import registry
from apps.core.registry import Text

Field: TypeAlias = "models.Field[Any, Any]"
Known: TypeAlias = "models.Field[Any, Any] | None"  # none where the column is not there any more


@dataclass(frozen=True)
class Value:
    """One value: `money`, `moment` or `day` with the figure, an `object` with its key, or a `text`."""

    kind: str
    shown: Any
    object: ObjectKey | None = None


@dataclass(frozen=True)
class Line:
    """One column before and after; of a hidden one only that it changed."""

    name: str
    label: Text
    old: Value | None
    new: Value | None


@dataclass(frozen=True)
class ChangedRow:
    """A changed row: what it is in words, the reference by which people know it, and what changed of it."""

    change: Change
    label: Text
    reference: str
    fields: Sequence[Line]


def read(changes: Iterable[Change]) -> list[ChangedRow]:
    """Changes with their columns in words; what they name is looked up once for all of them."""
    parsed = [(change, objects.model_of(change.object_type), list(fields(change.diff))) for change in changes]
    named = {(change.object_type, change.object_id) for change, _model, _columns in parsed}
    for _change, model, columns in parsed:
        named |= {key for column in columns for key in _named(_field(model, column.name), column)}
    known = objects.references(named)
    return [
        ChangedRow(
            change,
            objects.label(change.object_type),
            known.get((change.object_type, change.object_id), change.object_id),
            [_line(change.object_type, _field(model, column.name), column, known) for column in _told(columns)],
        )
        for change, model, columns in parsed
    ]


def _told(columns: list[FieldChange]) -> list[FieldChange]:
    """Without the key, which the row's heading has, and without what was empty and still is."""
    return [column for column in columns if column.name != "id" and (column.old, column.new) != (None, None)]


def _field(model: type[models.Model] | None, column: str) -> Known:
    columns = model._meta.local_concrete_fields if model else ()
    return next((field for field in columns if field.column == column), None)


def _line(kind: str, field: Known, column: FieldChange, known: Mapping[ObjectKey, str]) -> Line:
    old, new = (_value(kind, field, column, value, known) for value in (column.old, column.new))
    return Line(column.name, _label(field, column.name), old, new)


def _label(field: Known, column: str) -> Text:
    name = field.name if field else column
    for kind in ("field", "fact"):
        label = registry.word(kind, name).label
        if label != name:
            return label
    return str(field.verbose_name).capitalize() if field else column


def _named(field: Known, column: FieldChange) -> list[ObjectKey]:
    if not isinstance(field, models.ForeignKey) or column.is_hidden:
        return []
    kind = field.related_model._meta.label_lower
    return [(kind, key) for key in (column.old, column.new) if key is not None]


def _value(
    kind: str,
    field: Known,
    column: FieldChange,
    text: str | None,
    known: Mapping[ObjectKey, str],
) -> Value | None:
    if text is None:
        return None
    if column.is_hidden or field is None:
        return Value("text", text)
    if words := trail.words_of(kind, column.name):
        return Value("text", registry.word(words, text).label)
    if isinstance(field, models.ForeignKey):
        target = (field.related_model._meta.label_lower, text)
        return Value("object", known.get(target, f"{objects.label(target[0])} {text}"), target)
    return _figure(field, text)


def _figure(field: Field, text: str) -> Value:
    if isinstance(field, models.BooleanField):
        return Value("text", _("yes") if text == "true" else _("no"))
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(text)):
        return Value("moment", moment)
    if isinstance(field, models.DateField) and (day := parse_date(text)):
        return Value("day", day)
    if isinstance(field, models.DecimalField) and field.decimal_places == 2:
        try:
            return Value("money", Decimal(text))
        except InvalidOperation:  # longer than a leaf has room for: its length and hash
            return Value("text", text)
    return Value("text", text)
