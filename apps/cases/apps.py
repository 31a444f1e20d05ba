from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils import timezone


class CasesConfig(AppConfig):
    name = "apps.cases"

    def ready(self) -> None:
        """Add our steps to the close and install the shipped strategy after every migration."""
        from apps.cases.actions import steps
        from apps.closing import registry

        registry.step("cases.promises", steps.promises, order=50)
        registry.step("cases.cases", steps.cases, order=60)
        registry.step("cases.tasks", steps.tasks, order=70)
        registry.step("cases.outreach", steps.outreach, order=80)
        post_migrate.connect(_install, sender=self)


def _install(*, using: str, **_: Any) -> None:
    """Only where all of our tables are there: a migration back to an earlier state installs nothing."""
    from django.db import connections

    from apps.audit import registry
    from apps.cases.actions import strategies
    from apps.cases.models import Promise
    from apps.core.domain.actor import System

    if using == "owner" and Promise._meta.db_table in connections[using].introspection.table_names():
        with registry.migration():
            strategies.install(by=System("migrate"), at=timezone.now(), using=using)
