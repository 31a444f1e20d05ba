from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils import timezone


class AuditConfig(AppConfig):
    name = "apps.audit"

    def ready(self) -> None:
        """Install the triggers, partitions and grants after every migration."""
        post_migrate.connect(_install, sender=self)


def _install(*, using: str, **_: Any) -> None:
    from apps.audit import registry
    from apps.audit.actions import installation
    from apps.core.domain.actor import System

    if using == "owner" and _has_book(using):
        with registry.migration():
            installation.sync(by=System("migrate"), at=timezone.now(), using=using)


def _has_book(using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit.operation') IS NOT NULL")
        return bool(cursor.fetchone()[0])
