"""Which tables are behind walls, as the models' foreign keys say, and which policies they have."""

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.access.domain.walls import PREFIX, Kind, Walled
from apps.core.models import Record

CUSTOMER, PLACEMENT = "customers.customer", "customers.placement"
NAMES = {"customer", "customer_id", "customer_reference"}
OWN = {Kind.OFFICE.value, Kind.REQUEST.value}


def walled() -> dict[str, Walled]:
    """Every table behind walls, by the label of its model."""
    found: dict[str, Walled] = {}
    models_left = [model for model in apps.get_models() if issubclass(model, Record)]
    while models_left:
        behind = {model: wall for model in models_left if (wall := _wall(model, found)) is not None}
        if not behind:
            break
        found |= {model._meta.label_lower: wall for model, wall in behind.items()}
        models_left = [model for model in models_left if model not in behind]
    return found


def unwalled() -> list[str]:
    """Models that speak of a customer, or of something that hangs on one, and are behind no wall without saying why."""
    behind = walled()
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, Record) and model._meta.label_lower not in behind and not model.wall
        for field in model._meta.local_concrete_fields
        if field.name in NAMES or _target(field) in behind
    ]


def installed(connection: BaseDatabaseWrapper) -> dict[str, set[str]]:
    """The names of our policies on each table that has row-level security."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_remove(array_agg(p.polname::text), NULL) FROM pg_class c "
            "LEFT JOIN pg_policy p ON p.polrelid = c.oid AND starts_with(p.polname::text, %s) "
            "WHERE c.relrowsecurity AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname",
            [PREFIX],
        )
        return {table: set(names) for table, names in cursor.fetchall()}


def noted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """What the policies of each table were made from, as the last installation noted it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, obj_description(p.oid, 'pg_policy') FROM pg_policy p "
            "JOIN pg_class c ON c.oid = p.polrelid WHERE p.polname = %s",
            [f"{PREFIX}see"],
        )
        return dict(cursor.fetchall())


def _wall(model: type[Record], behind: dict[str, Walled]) -> Walled | None:
    table = model._meta.db_table
    if model.wall in OWN:
        kind = Kind(model.wall)
        column = "customer_reference" if kind is Kind.REQUEST else ""
        return Walled(table, kind, column, may_auditors_write=kind is Kind.REQUEST)
    if model.wall:
        return None
    if model._meta.label_lower == CUSTOMER:
        return Walled(table, Kind.CUSTOMER, "id")
    keys = {_target(field): field for field in model._meta.local_concrete_fields if not field.null and _target(field)}
    if CUSTOMER in keys:
        kind = Kind.PLACEMENT if model._meta.label_lower == PLACEMENT else Kind.CUSTOMER
        return Walled(table, kind, str(keys[CUSTOMER].column))
    for target, field in keys.items():
        if parent := behind.get(target):
            return Walled(table, Kind.PARENT, str(field.column), parent.table, parent.may_auditors_write)
    return None


def _target(field: "models.Field[object, object]") -> str:
    related = field.related_model if field.is_relation else None
    return related._meta.label_lower if isinstance(related, type) else ""
