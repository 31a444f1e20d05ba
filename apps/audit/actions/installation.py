"""Installs what fills and guards the book: trigger functions, triggers, partitions and the grants of the roles."""

import datetime as dt

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from apps.audit.actions.operations import operation
from apps.audit.domain import capture, emptying
from apps.audit.queries import catalogue, installation
from apps.audit.queries.installation import READABLE
from apps.core.domain.actor import Actor
from apps.core.domain.dates import add_months
from apps.core.sql import load

MONTHS_AHEAD = 3
READABLE_BY_AUDITORS = {"django_migrations", "django_content_type"}  # beside every table of ours


def sync(*, by: Actor, at: dt.datetime, using: str = "owner") -> list[str]:
    """Bring triggers, functions, partitions and grants in line with the models; returns the changed tables.

    A change is itself an operation of the book. A database without the three roles is refused.
    """
    connection = connections[using]
    roles = _checked_roles(connection)
    with operation("audit.install", by=by, at=at, using=using) as op:
        _execute(connection, load("audit", "functions"))
        changed = sorted(_install_functions(connection) | _install_triggers(connection))
        _execute(connection, "SELECT audit.guard_partitions()")
        _make_partitions(connection, at)
        _grant(connection, roles)
        op.sentence = f"Installed the audit's functions and triggers on {len(changed)} tables."
        op.detail = {"tables": changed}
        op.nothing_happened = not changed
    return changed


def prepare_partitions(*, by: Actor, at: dt.datetime, using: str = "default") -> int:
    """Make the months ahead of time; returns how many partitions are new."""
    with operation("audit.partitions", by=by, at=at, using=using) as op:
        made = _make_partitions(connections[using], at)
        op.sentence, op.detail = f"Made {made} partitions of the book.", {"made": made}
        op.nothing_happened = not made
    return made


def _checked_roles(connection: BaseDatabaseWrapper) -> installation.Roles:
    roles = installation.roles()
    names = (roles.owner, roles.app, roles.auditor, roles.walled)
    missing = {name or "(unnamed)" for name in names} - installation.existing_roles(connection)
    if missing:
        raise ImproperlyConfigured(
            f"The database lacks the role {', '.join(sorted(missing))}. Whiteslip needs four roles: the owner of the "
            f"tables, the application and the auditor (LOGIN, named in the database addresses), and the one that the "
            f"application becomes behind a wall (DATABASE_WALLED_ROLE, granted to the application)."
        )
    if len(set(names)) < len(names):
        raise ImproperlyConfigured(
            "The owner, the application, the auditor and the walled role must be four different roles."
        )
    return roles


def _execute(connection: BaseDatabaseWrapper, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _install_functions(connection: BaseDatabaseWrapper) -> set[str]:
    present = installation.existing_tables(connection)
    installed = {function.name.partition("(")[0]: function for function in installation.installed_functions(connection)}
    changed = set()
    for table in catalogue.tables():
        found = installed.get(table.function)
        wanted = capture.function_body(table), capture.function_options(table), True
        if table.name in present and (found is None or (found.body, found.options, found.is_definer) != wanted):
            _execute(connection, capture.install_function(table))
            _execute(connection, f'REVOKE ALL ON FUNCTION audit."{table.function}"() FROM PUBLIC')
            changed.add(table.name)
    for table in catalogue.emptied():
        found = installed.get(emptying.name(table))
        wanted = emptying.body(table), emptying.OPTIONS, True
        if table.name in present and (found is None or (found.body, found.options, found.is_definer) != wanted):
            _execute(connection, emptying.install(table))
            changed.add(table.name)
    return changed


def _install_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    present = installation.existing_tables(connection)
    installed = {trigger for trigger in installation.installed_triggers(connection) if trigger.schema == "public"}
    wanted = installation.wanted_triggers(present, set())
    for trigger in sorted(installed - wanted, key=str):
        _execute(connection, f'DROP TRIGGER {trigger.name} ON public."{trigger.table}"')
    for trigger in sorted(wanted - installed, key=str):
        for statement in capture.install_trigger(trigger.table, trigger.function, trigger.name):
            _execute(connection, statement)
    _drop_stale_functions(connection, present)
    return {trigger.table for trigger in installed ^ wanted}


def _drop_stale_functions(connection: BaseDatabaseWrapper, present: set[str]) -> None:
    wanted = installation.wanted_bodies(present)
    for function in installation.installed_functions(connection):
        name, arguments = function.name.split("(", 1)
        if name not in wanted:
            _execute(connection, f'DROP FUNCTION audit."{name}"({arguments}')


def _make_partitions(connection: BaseDatabaseWrapper, at: dt.datetime) -> int:
    with connection.cursor() as cursor:
        days = (at.date(), add_months(at.date(), MONTHS_AHEAD))
        cursor.execute("SELECT audit.ensure_partitions(%s::date, %s::date)", days)
        return int(cursor.fetchone()[0])


def _grant(connection: BaseDatabaseWrapper, roles: installation.Roles) -> None:
    """What the application and the auditor may do, and nothing else."""
    alone, auditor, walled = (sql.Identifier(role).as_string() for role in (roles.app, roles.auditor, roles.walled))
    app = f"{alone}, {walled}"  # the same tables: what of them is seen behind a wall, policies say
    frozen = catalogue.append_only()
    present = sorted(installation.existing_tables(connection))
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public, audit FROM PUBLIC, {app}, {auditor}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public, audit FROM PUBLIC, {app}, {auditor}",
        f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC, {app}, {auditor}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public, audit TO {app}, {auditor}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}",
        f"GRANT USAGE ON SEQUENCE audit.seq TO {app}",
        f"GRANT SELECT ON {', '.join(f'audit.{name}' for name in sorted(READABLE))} TO {app}, {auditor}",
        f"GRANT EXECUTE ON FUNCTION audit.leaf(audit.operation), audit.leaf(audit.change), "
        f"audit.moment(timestamptz) TO {app}, {auditor}",
        f"GRANT EXECUTE ON FUNCTION audit.record, audit.ensure_partitions, audit.seal, audit.publish, audit.erase, "
        f"audit.personal_values, audit.cosign TO {app}",
        f"GRANT EXECUTE ON FUNCTION audit.reveal TO {alone}",  # nobody behind a wall
    ]
    for table in present:
        changes = "" if table in frozen or table == "django_migrations" else ", UPDATE, DELETE"
        changes = ", INSERT" + changes if table != "django_migrations" else ""
        statements.append(f'GRANT SELECT{changes} ON public."{table}" TO {app}')
    statements += [
        f'GRANT EXECUTE ON FUNCTION audit."{emptying.name(table)}" TO {app}'
        for table in catalogue.emptied()
        if table.name in present
    ]
    statements += [
        f'GRANT SELECT{columns} ON public."{table}" TO {auditor}'
        for table, columns in sorted(_readable().items())
        if table in present
    ]
    _execute(connection, ";\n".join(statements))


def _readable() -> dict[str, str]:
    """The tables that an auditor may read, with a list of columns where some are secret."""
    readable = dict.fromkeys(READABLE_BY_AUDITORS, "")
    for model in catalogue.records():
        secret = catalogue.secret_columns(model)
        columns = [f'"{field.column}"' for field in model._meta.local_concrete_fields if field.column not in secret]
        readable[model._meta.db_table] = f" ({', '.join(columns)})" if secret else ""
    for table in catalogue.captured():
        readable.setdefault(table, "")
    return readable
