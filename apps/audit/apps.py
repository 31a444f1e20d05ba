from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils import timezone


class AuditConfig(AppConfig):
    name = "apps.audit"

    def ready(self) -> None:
        """Install the triggers and grants after every migration."""
        post_migrate.connect(_install, sender=self)


def _install(*, using: str, plan: list[Any] | None = None, **kwargs: Any) -> None:
    from apps.audit import registry
    from apps.audit.actions import installation
    from apps.core.domain.actor import System

    if using == "owner" and "audit" in _schemas(using):
        with registry.migration():
            installation.sync(by=System("migrate"), at=timezone.now(), using=using)


def _schemas(using: str) -> set[str]:
    from django.db import connections

    with connections[using].cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace")
        return {name for (name,) in cursor.fetchall()}
