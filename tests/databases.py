"""Databases for the tests: one migrated template for each state of the code, cloned in a twentieth of a second."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config.embedded import paths, schema, services

SERVERS = "test"
LOCK = 7_220_432
PATIENCE = 20  # half seconds
ALIASES = ("default", "owner", "auditor")
TEMPLATE = "whiteslip_template_"
CLONE = "whiteslip_test_"


@dataclass(frozen=True)
class Databases:
    """A server on which the owner may make databases, and the migrated template there."""

    template: str
    embedded: bool

    def clone(self, name: str) -> None:
        """A new database like the template; one of that name is dropped first."""
        with _maintenance() as owner:
            _drop(owner, name)
            owner.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(self.template))
            )

    def drop(self, name: str) -> None:
        """Disconnect everybody from the database and drop it."""
        with _maintenance() as owner:
            _drop(owner, name)


def prepare() -> Databases:
    """Start the server if it is ours, and build the template if the code has changed since it was built."""
    embedded = services.uses_embedded_database()
    if embedded:
        services.hold(SERVERS, fast=True)
        for alias in ALIASES:
            settings.DATABASES[alias]["HOST"] = str(paths.runtime_dir(SERVERS))
    databases = Databases(TEMPLATE + schema.fingerprint(), embedded)
    with _maintenance() as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        existing = {name for (name,) in owner.execute("SELECT datname FROM pg_database")}
        if databases.template not in existing:
            _build(owner, databases.template)
        clones = {name for name in existing if name.startswith(CLONE)}
        left_over = {name for name in clones if embedded and _is_left_over(name)}
        if clones == left_over:  # no other run that may need an older template is under way
            left_over |= {name for name in existing if name.startswith(TEMPLATE)} - {databases.template}
        for name in left_over:
            _drop(owner, name)
    return databases


@contextlib.contextmanager
def pointed_to(name: str) -> Iterator[None]:
    """All three connections lead to this database while inside, in every thread."""
    before = connections["default"].settings_dict["NAME"]
    _point(name)
    try:
        yield
    finally:
        _point(before)


def urls(name: str) -> dict[str, str]:
    """The environment in which another process of ours finds the database."""
    variables = {"default": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "auditor": "DATABASE_AUDITOR_URL"}
    return {variable: _url(settings.DATABASES[alias], name) for alias, variable in variables.items()}


def _url(database: dict[str, Any], name: str) -> str:
    password = f":{quote(database['PASSWORD'], safe='')}" if database["PASSWORD"] else ""
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{database['USER']}{password}@{quote(database['HOST'], safe='')}{port}/{name}"


def _point(name: str) -> None:
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name  # the very dictionary that other threads connect by


def _build(owner: psycopg.Connection, template: str) -> None:
    draft = f"{template}_new"
    _drop(owner, draft)
    owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    with pointed_to(draft):
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(template)))


def _drop(owner: psycopg.Connection, name: str) -> None:
    """Drop it, whoever is connected; autovacuum cannot be sent away, but goes by itself."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for _ in range(PATIENCE):
        try:
            owner.execute(statement)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            owner.execute("SELECT pg_sleep(0.5)")
        else:
            return
    owner.execute(statement)


def _is_left_over(name: str) -> bool:
    pid = name.removeprefix(CLONE).partition("_")[0]
    return pid.isdigit() and not Path("/proc", pid).exists()


def _maintenance() -> psycopg.Connection:
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
        **owner.get("OPTIONS", {}),
    )
