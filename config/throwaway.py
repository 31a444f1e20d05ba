"""A database for one command alone: made and migrated before it, dropped after it; the user's is never touched."""

import contextlib
import os
from collections.abc import Iterator

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from apps.core.domain.refusal import Refused
from config.embedded import paths, services

SERVERS = "benchmark"
ALIASES = ("default", "owner", "auditor")


@contextlib.contextmanager
def database() -> Iterator[None]:
    """All three connections lead to a new database while inside: on servers of our own, or beside the configured one.

    It is as durable as the user's, for what is measured on it.
    """
    if services.uses_embedded_database():
        services.hold(SERVERS, disposable=True)
        for alias in ALIASES:
            settings.DATABASES[alias]["HOST"] = str(paths.runtime_dir(SERVERS))
    name, template = sql.Identifier(f"{paths.DATABASE}_{SERVERS}_{os.getpid()}"), settings.TEMPLATE_DATABASE
    with _maintenance() as owner:
        try:
            owner.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template or "template1"))
            )
        except psycopg.errors.InsufficientPrivilege as error:
            raise Refused(
                "The owner of the tables may not make the database that this needs: ALTER ROLE ... CREATEDB."
            ) from error
        try:
            for alias in ALIASES:
                settings.DATABASES[alias]["NAME"] = f"{paths.DATABASE}_{SERVERS}_{os.getpid()}"
            if not template:
                call_command("migrate", database="owner", interactive=False, verbosity=0)
            yield
        finally:
            connections.close_all()
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


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
