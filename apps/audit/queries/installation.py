"""What is installed in the database to fill and guard the book, and what should be."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.audit.domain import capture, emptying
from apps.audit.queries import catalogue
from apps.core.sql import load

# pg_trigger.tgtype: 2 before, 4 insert, 8 delete, 16 update, 32 truncate; statement triggers lack the bit 1
TRIGGER_TYPES = {
    "audit_capture_insert": 4,
    "audit_capture_update": 16,
    "audit_capture_delete": 8,
    "audit_capture_truncate": 32,
    capture.APPEND_ONLY: 2 + 8 + 16 + 32,
}
READABLE = {  # of the book, by the application and the auditor
    "operation", "change", "book", "shown_book", "batch", "node", "checkpoint",
    "sealed_batch", "sealed_node", "signed_checkpoint", "erasure", "cosignature", "retired",
}  # fmt: skip


@dataclass(frozen=True)
class Function:
    """A function of the schema `audit`: its text and how it runs."""

    name: str
    body: str
    is_definer: bool
    options: tuple[str, ...]
    owner: str


@dataclass(frozen=True)
class Trigger:
    """A trigger of ours on a table."""

    schema: str
    table: str
    name: str
    function: str
    enabled: str = "A"  # ALWAYS
    type: int = 0
    is_unconditional: bool = True


@dataclass(frozen=True)
class Roles:
    """The database roles; the application becomes the walled one for whoever may not see the whole book."""

    owner: str
    app: str
    auditor: str
    walled: str


def roles() -> Roles:
    """The roles as the connections name them."""
    users = {alias: settings.DATABASES[alias].get("USER") or "" for alias in ("owner", "default", "auditor")}
    return Roles(users["owner"], users["default"], users["auditor"], settings.DATABASE_WALLED_ROLE)


def existing_roles(connection: BaseDatabaseWrapper) -> set[str]:
    """The roles that the database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        return {name for (name,) in cursor.fetchall()}


def existing_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables of the schema `public`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in cursor.fetchall()}


def book_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables of the book, each partition included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'audit'::regnamespace AND relkind IN ('r', 'p')"
        )
        return {name for (name,) in cursor.fetchall()}


def installed_functions(connection: BaseDatabaseWrapper) -> list[Function]:
    """The functions as they are."""
    with connection.cursor() as cursor:
        cursor.execute(load("audit", "installed_functions"))
        return [
            Function(name, body, definer, tuple(options), owner)
            for name, body, definer, options, owner in cursor.fetchall()
        ]


def installed_triggers(connection: BaseDatabaseWrapper) -> set[Trigger]:
    """The triggers as they are."""
    with connection.cursor() as cursor:
        cursor.execute(load("audit", "installed_triggers"))
        return {Trigger(*row) for row in cursor.fetchall()}


def wanted_triggers(present: set[str], book: set[str]) -> set[Trigger]:
    """The triggers that there must be on these tables of ours and of the book."""
    capturing = {
        Trigger("public", table.name, name, table.function, type=TRIGGER_TYPES[name])
        for table in catalogue.tables()
        if table.name in present
        for name in capture.TRIGGERS
    }
    refusing = {("public", name) for name in catalogue.append_only() & present} | {("audit", name) for name in book}
    guard, kind = "refuse_change", TRIGGER_TYPES[capture.APPEND_ONLY]
    return capturing | {Trigger(schema, name, capture.APPEND_ONLY, guard, type=kind) for schema, name in refusing}


def wanted_bodies(present: set[str]) -> dict[str, set[str]]:
    """The bodies that the functions must have, by the function's name without its arguments."""
    bodies: dict[str, set[str]] = {}
    pattern = re.compile(r"FUNCTION audit\.(\w+)\(.*?\$audit\$(.*?)\$audit\$", re.DOTALL)
    for name, body in pattern.findall(load("audit", "functions")):
        bodies.setdefault(name, set()).add(body)
    for table in catalogue.tables():
        if table.name in present:
            bodies[table.function] = {capture.function_body(table)}
    bodies |= {emptying.name(table): {emptying.body(table)} for table in catalogue.emptied() if table.name in present}
    return bodies
