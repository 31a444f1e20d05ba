"""Which connection does what: only the owner changes tables; the application and the auditor find them made."""

from typing import Any


class OwnerMigrates:
    """Migrations run as the role that owns the tables, and as no other."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Only on the connection named `owner`."""
        return db == "owner"

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        """Always: the connections are three roles in one database."""
        return True
