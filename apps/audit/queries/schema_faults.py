"""Is the schema as the models and the migrations made it? And would the trail know if somebody changed it?"""

from collections.abc import Iterator

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.audit.domain.fault import Fault
from apps.audit.queries.catalogue import column_of
from apps.core.sql import load

MIGRATIONS = "django_migrations"  # Django's own, without a model
WATCHING = {
    ("audit_ddl", "ddl_command_end", True, "audit.note_ddl"),
    ("audit_drop", "sql_drop", True, "audit.note_ddl"),
}


def is_watched(connection: BaseDatabaseWrapper) -> bool:
    """Whether every change of the schema is entered in the trail, which only a superuser can arrange."""
    return _event_triggers(connection) >= WATCHING


def faults(connection: BaseDatabaseWrapper) -> Iterator[Fault]:
    """Event triggers that were altered, tables that no model knows, and columns that are not as they should be."""
    found = {trigger for trigger in _event_triggers(connection) if trigger[0] in {name for name, *_ in WATCHING}}
    if found and found != WATCHING:
        yield Fault("altered_trigger", "The event triggers audit_ddl and audit_drop are not as they were installed.")
    models = {
        model._meta.db_table: {column_of(field) for field in model._meta.local_concrete_fields}
        for model in apps.get_models(include_auto_created=True)
    }
    with connection.cursor() as cursor:
        cursor.execute(load("audit", "columns"))
        tables = {table: set(columns) for table, columns in cursor.fetchall() if table != MIGRATIONS}
    for table, columns in sorted(tables.items()):
        if table not in models:
            yield Fault("foreign_table", f"The table {table} is not ours.")
            continue
        for column in sorted(columns - models[table]):
            yield Fault("foreign_column", f"The column {table}.{column} is not ours.")
        for column in sorted(models[table] - columns):
            yield Fault("missing_column", f"The column {table}.{column} is missing.")


def _event_triggers(connection: BaseDatabaseWrapper) -> set[tuple[str, str, bool, str]]:
    with connection.cursor() as cursor:
        cursor.execute(load("audit", "event_triggers"))
        return {(name, event, always, function) for name, event, always, function in cursor.fetchall()}
