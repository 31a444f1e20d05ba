"""Which columns are sealed, and under which keys their values lie."""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import Model
from psycopg import sql as text

from apps.customers.domain import sealing
from apps.customers.models.keyring import ring
from apps.customers.models.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column, and whether its table is never changed: then its old key must stay."""

    model: type[Model]
    field: Sealed
    is_fixed: bool

    @property
    def name(self) -> str:
        """As people name it: `customers.customer.name`."""
        return f"{self.model._meta.label_lower}.{self.field.name}"


def columns() -> list[Column]:
    """Every sealed column of ours."""
    return [
        Column(model, field, bool(getattr(model, "append_only", False)))
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, Sealed)
    ]


def left() -> dict[str, int]:
    """How many values of each column lie under another key than the one in force."""
    found = {}
    with connection.cursor() as cursor:
        for column in columns():
            cursor.execute(statement("SELECT count(*) FROM {table} WHERE {other}", column), [others()])
            if count := int(cursor.fetchone()[0]):
                found[column.name] = count
    return found


def in_use() -> frozenset[str]:
    """The names of the keys under which any value lies."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for column in columns():
            cursor.execute(statement("SELECT DISTINCT split_part({column}, '.', 1) FROM {table}", column))
            found |= {sealing.key_of(name) for (name,) in cursor.fetchall() if name}
    return frozenset(found)


def others() -> str:
    """How a value under the key in force begins."""
    return f"~{ring().current}.%"


def statement(written: str, column: Column) -> str:
    """A statement with `{table}`, `{column}`, `{owner}` of a sealed column, and `{other}`: not under the key in force.

    `{other}` takes `others` as its parameter.
    """
    names = {
        "table": text.Identifier(column.model._meta.db_table),
        "column": text.Identifier(str(column.field.column)),
        "owner": text.Identifier(column.field.owner),
        "other": text.SQL("{0} <> '' AND {0} NOT LIKE %s").format(text.Identifier(str(column.field.column))),
    }
    return text.SQL(written).format(**names).as_string(None)
