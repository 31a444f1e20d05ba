"""Is the book whole? Its guards, its privileges, the agreement of its rows, and its seals."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.audit.domain import capture, emptying
from apps.audit.domain.fault import Fault
from apps.audit.queries import catalogue, installation, retirement, schema_faults, seal_faults, seals
from apps.audit.queries.retirement import Retired
from apps.core.models import Record
from apps.core.sql import load

BEGINNING = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
SENTENCES = {
    "change_without_envelope": "changes name an operation that the book does not hold",
    "change_of_another_transaction": "changes name an operation of another transaction",
    "unattributed": "changes were written outside every operation",
    "part_without_whole": "operations are parts of one that the book does not hold",
    "number_used_twice": "numbers are used more than once",
}
APP_MAY = {"SELECT", "INSERT", "UPDATE", "DELETE"}
FROZEN = {"SELECT", "INSERT"}


@dataclass(frozen=True)
class Finding:
    """What a verification saw."""

    events: int
    faults: list[Fault]
    schema_watched: bool = False  # whether the trail would hold a change of the schema

    retired: Sequence[Retired] = ()  # what left the database
    is_cold_read: bool = False  # whether its files were looked at; else it rests on the sealed hashes

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(*, since: dt.datetime | None = None, folder: Path | None = None, using: str = "auditor") -> Finding:
    """Check the guards, privileges and seals of the whole book and the rows recorded since a moment.

    With the folder of the cold files also every line of what left the database.
    """
    connection = connections[using]
    faults = [
        *_coverage(),
        *_functions(connection),
        *_triggers(connection),
        *_privileges(connection),
        *schema_faults.faults(connection),
        *_rows(connection, since or BEGINNING),
        *seal_faults.faults(using, since=since, folder=folder),
    ]
    events = _one(connection, "events_since", since or BEGINNING)
    left = retired(using)
    return Finding(events, faults, schema_faults.is_watched(connection), left, folder is not None)


def _coverage() -> Iterator[Fault]:
    for model in apps.get_models():
        if model.__module__.startswith("apps.") and model._meta.managed and not issubclass(model, Record):
            yield Fault("not_captured", f"{model._meta.label} is neither captured nor exempt.")


def _functions(connection: BaseDatabaseWrapper) -> Iterator[Fault]:
    wanted = installation.wanted_bodies(installation.existing_tables(connection))
    options = {table.function: capture.function_options(table) for table in catalogue.tables()}
    options |= {emptying.name(table): emptying.OPTIONS for table in catalogue.emptied()}
    owner = installation.roles().owner
    seen = set()
    for function in installation.installed_functions(connection):
        name = function.name.partition("(")[0]
        seen.add(name)
        if name not in wanted:
            yield Fault("foreign_function", f"audit.{name} is not ours.")
        elif function.body not in wanted[name] or function.owner != owner:
            yield Fault("altered_function", f"audit.{name} is not as it was installed.")
        elif name in options and (function.options, function.is_definer) != (options[name], True):
            yield Fault("altered_function", f"audit.{name} runs with other settings than it was installed with.")
    for name in sorted(wanted.keys() - seen):
        yield Fault("missing_function", f"audit.{name} is missing.")


def _triggers(connection: BaseDatabaseWrapper) -> Iterator[Fault]:
    present, book = installation.existing_tables(connection), installation.book_tables(connection)
    installed, wanted = installation.installed_triggers(connection), installation.wanted_triggers(present, book)
    for trigger in sorted(wanted - installed, key=str):
        where = f"{trigger.schema}.{trigger.table}"
        same_name = [other for other in installed if (other.table, other.name) == (trigger.table, trigger.name)]
        if same_name:
            yield Fault("altered_trigger", f"{trigger.name} on {where} is not as it was installed, or not ALWAYS on.")
        else:
            yield Fault("missing_trigger", f"{trigger.name} is missing on {where}.")
    known = {(trigger.schema, trigger.table, trigger.name) for trigger in wanted}
    for trigger in sorted(installed - wanted, key=str):
        if (trigger.schema, trigger.table, trigger.name) not in known:
            yield Fault("foreign_trigger", f"{trigger.name} on {trigger.schema}.{trigger.table} is not ours.")


def _privileges(connection: BaseDatabaseWrapper) -> Iterator[Fault]:
    roles, frozen = installation.roles(), catalogue.append_only()
    with connection.cursor() as cursor:
        cursor.execute(load("audit", "privileges"), {"owner": roles.owner})
        for role, schema, table, privilege in cursor.fetchall():
            if not _is_allowed(role, schema, table, privilege, roles, frozen):
                yield Fault("privilege", f"{role} may {privilege} {schema}.{table}.")
        cursor.execute(
            load("audit", "powers"), {"owner": roles.owner, "roles": [roles.app, roles.auditor, roles.walled]}
        )
        for role, power in cursor.fetchall():
            yield Fault("power", f"The database role {role} {power}.")


def _is_allowed(
    role: str, schema: str, table: str, privilege: str, roles: installation.Roles, frozen: set[str]
) -> bool:
    if schema == "audit":
        if table == "seq":
            return role in (roles.app, roles.walled) and privilege == "USAGE"
        return (
            table in installation.READABLE
            and privilege == "SELECT"
            and role in (roles.app, roles.auditor, roles.walled)
        )
    if role in (roles.app, roles.walled):
        return privilege in (FROZEN if table in frozen else APP_MAY | {"USAGE"})
    return role == roles.auditor and privilege == "SELECT"


def _rows(connection: BaseDatabaseWrapper, since: dt.datetime) -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(load("audit", "faults"), {"since": since})
        for code, count, first in cursor.fetchall():
            if count:
                yield Fault(code, f"{count} {SENTENCES[code]}, first number {first}.")


def retired(using: str) -> list[Retired]:
    """What left the database, of every tree of ours."""
    with transaction.atomic(using=using):
        return [found for book in seals.books(using) for found in _retired_of(book.number, using)]


def _retired_of(book: int, using: str) -> Sequence[Retired]:
    with seals.shown(book, using):
        return retirement.gone(using).months


def _one(connection: BaseDatabaseWrapper, statement: str, since: dt.datetime) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(load("audit", statement), {"since": since})
        return cursor.fetchone()[0]
