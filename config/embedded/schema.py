"""The embedded database's schema follows the code by itself; with a server of their own, operators run `migrate`."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

from config.embedded import paths
from config.embedded.postgres import Postgres

LOCK = 7_220_431  # an advisory lock: one migrates, the others wait
SHIPPED = (
    "access/domain/*.py",
    "access/*/policies.py",
    "access/actions/roles.py",
    "bills/domain/caps.py",
)  # rows, brought in after the migrations
SOURCES = ("*/migrations/*.py", "*/sql/**/*.sql", "*/models.py", "*/models/**/*.py", "audit/**/*.py", *SHIPPED)


def fingerprint() -> str:
    """A digest of everything that the schema, its triggers, its grants and the shipped rows are made from."""
    digest = hashlib.sha256(django.__version__.encode())
    for source in _sources():
        digest.update(f"\0{source.relative_to(paths.CHECKOUT)}\0".encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def follow() -> None:
    """Migrate if the code has changed since the last time; a tenth of a second if it has not."""
    owner = connections["owner"]
    wanted = fingerprint()
    try:
        if _noted() == wanted:
            return
        with owner.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if _noted() != wanted:
            print("Bringing the database's tables up to date …", file=sys.stderr, flush=True)  # noqa: T201
            call_command("migrate", database="owner", interactive=False, verbosity=0)
            _watch()
            _note(wanted)
    finally:
        owner.close()


def _sources() -> Iterator[Path]:
    apps = paths.CHECKOUT / "apps"
    found = {source for pattern in SOURCES for source in apps.glob(pattern) if source.is_file()}
    return iter(sorted(found))


def _noted() -> str:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        (note,) = cursor.fetchone() or ("",)
    return str(note or "").removeprefix("schema ")


def _watch() -> None:
    """Have every change of the schema entered in the trail, which only a superuser can arrange."""
    with Postgres(paths.home(), paths.runtime_dir()).superuser(paths.DATABASE) as admin:
        if not admin.execute("SELECT 1 FROM pg_event_trigger WHERE evtname = 'audit_ddl'").fetchone():
            admin.execute((paths.CHECKOUT / "apps/audit/sql/watch_schema.sql").read_bytes())


def _note(fingerprint: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {paths.DATABASE} IS 'schema {fingerprint}'")
