"""The business tables as text: ordered, keys replaced by what the rows say, wall-clock moments left out."""

from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

WALL_CLOCK = {
    "closing.Day": {"started_at", "closed_at"},
    "closing.Progress": {"seconds", "finished_at"},
}


def business_tables() -> dict[str, str]:
    """Each table's rows, one a line, in the order of their text."""
    name = _names()
    tables = {}
    for model in apps.get_models():
        if model.__module__.startswith("apps.") and model._meta.app_label != "audit":
            lines = sorted(name(model, key) for key in model._default_manager.values_list("pk", flat=True))
            tables[model._meta.label] = "\n".join(lines)
    return tables


def book() -> dict[str, int]:
    """How often the book of operations holds each operation of the close, and how many changes of each table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select action, count(*) from audit.operation where action like 'close.%' group by action"
            " union all select object_type || ' ' || kind, count(*) from audit.change group by object_type, kind"
            " union all select 'unattributed', count(*) from audit.change where op_seq is null"
        )
        return dict(cursor.fetchall())


def _names() -> Any:
    rows: dict[type[models.Model], dict[Any, dict[str, Any]]] = {}

    def row(model: type[models.Model], key: Any) -> dict[str, Any]:
        if model not in rows:
            rows[model] = {values["id"]: values for values in model._default_manager.values()}
        return rows[model][key]

    @cache
    def name(model: type[models.Model], key: Any, *, short: bool = False) -> str:
        values = row(model, key)
        if short and "reference" in values:
            return str(values["reference"])
        parts = []
        for field in model._meta.concrete_fields:
            if field.primary_key or field.name in WALL_CLOCK.get(model._meta.label, ()):
                continue
            value = values[field.attname]
            if isinstance(field, models.ForeignKey) and value is not None:
                value = f"({name(field.related_model, value, short=True)})"
            parts.append(f"{field.name}={value}")
        return " ".join(parts)

    return name
