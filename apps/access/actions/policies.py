"""Installs the walls in the database: row-level security on every table that hangs on a customer."""

import datetime as dt
import hashlib

from django.db import connections
from psycopg import sql

from apps.access.domain.walls import Walled
from apps.access.queries import policies as queries
from apps.audit import actions as audit
from apps.audit.queries import installation
from apps.core.domain.actor import Actor
from apps.core.sql import load


def sync(*, by: Actor, at: dt.datetime, using: str = "owner") -> list[str]:
    """Bring the policies in line with the models; returns the changed tables. A change is an operation of the book."""
    connection = connections[using]
    roles = installation.roles()
    app, auditor, walled = (sql.Identifier(name).as_string() for name in (roles.app, roles.auditor, roles.walled))
    with audit.operation("access.install_walls", by=by, at=at, using=using) as op, connection.cursor() as cursor:
        present = installation.existing_tables(connection)
        cursor.execute(load("access", "walls"))
        cursor.execute(f"GRANT USAGE ON SCHEMA walls TO {walled}")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION walls.is_outside(bigint) TO {walled}")
        cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA walls TO {walled}")
        noted, installed = queries.noted(connection), queries.installed(connection)
        wanted = {wall.table: wall for wall in queries.walled().values() if wall.table in present}
        changed = []
        for table in sorted(wanted.keys() | installed.keys()):
            wall = wanted.get(table)
            made = _statements(wall, app, auditor, walled) if wall else []
            note = hashlib.sha256("\n".join(made).encode()).hexdigest()
            if wall and noted.get(table) == note and installed.get(table) == set(dict(_named(wall))):
                continue
            for name in sorted(installed.get(table, ())):
                cursor.execute(f'DROP POLICY {name} ON public."{table}"')
            cursor.execute(f'ALTER TABLE public."{table}" {"ENABLE" if wall else "DISABLE"} ROW LEVEL SECURITY')
            for statement in made:
                cursor.execute(statement)
            if wall:
                cursor.execute(f"COMMENT ON POLICY walls_see ON public.\"{table}\" IS '{note}'")
            changed.append(table)
        op.sentence, op.detail = f"Installed walls on {len(changed)} tables.", {"tables": changed}
        op.nothing_happened = not changed
    return changed


def _named(wall: Walled) -> list[tuple[str, str]]:
    return list(wall.policies("", "", ""))


def _statements(wall: Walled, app: str, auditor: str, walled: str) -> list[str]:
    return [
        f'CREATE POLICY {name} ON public."{wall.table}" {rest}' for name, rest in wall.policies(app, auditor, walled)
    ]
