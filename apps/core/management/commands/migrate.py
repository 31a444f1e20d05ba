"""Django's `migrate`, as the role that owns the tables."""

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections
from psycopg import sql


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        """Django's own arguments with the owner's connection as the default."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: object, **options: object) -> None:
        """Migrate, then let the other roles read which migrations there are."""
        super().handle(*args, **options)
        connection = connections[str(options["database"])]
        if "django_migrations" not in connection.introspection.table_names():
            return
        readers = {settings.DATABASES[alias]["USER"] for alias in ("default", "auditor")} - {""}
        with connection.cursor() as cursor:
            for role in sorted(readers - {settings.DATABASES["owner"]["USER"]}):
                cursor.execute(
                    sql.SQL("GRANT SELECT ON django_migrations TO {}").format(sql.Identifier(role)).as_string()
                )
