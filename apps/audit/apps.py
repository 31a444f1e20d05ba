from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.audit.domain.envelope import Channel, Decision
from apps.core import registry
from apps.core.registry import Word

DECISIONS: dict[str, Word] = {
    Decision.ALLOW: Word(gettext_lazy("Allowed"), "good"),
    Decision.DENY: Word(gettext_lazy("Refused"), "warning"),
    Decision.ERROR: Word(gettext_lazy("Failed"), "bad"),
    Decision.NOT_APPLICABLE: Word(gettext_lazy("Noted")),
}

DOORS: dict[str, Word] = {
    Channel.WEB: Word(gettext_lazy("Page")),
    Channel.API: Word(gettext_lazy("API")),
    Channel.JOB: Word(gettext_lazy("Job")),
    Channel.SHELL: Word(gettext_lazy("Shell")),
    Channel.MIGRATION: Word(gettext_lazy("Migration")),
}

VERIFICATIONS: dict[str, Word] = {
    "waiting": Word(gettext_lazy("Waiting"), "info"),
    "running": Word(gettext_lazy("Under way"), "info"),
    "whole": Word(gettext_lazy("Whole"), "good"),
    "faulty": Word(gettext_lazy("Faults found"), "bad"),
    "broken_off": Word(gettext_lazy("Broken off"), "bad"),
}
OBJECTS = {
    "audit.verification": Word(gettext_lazy("Verification")),
    "audit.savedfilter": Word(gettext_lazy("Saved filter")),
}

CHANGES = {
    "I": Word(gettext_lazy("Added"), "good"),
    "U": Word(gettext_lazy("Changed"), "info"),
    "D": Word(gettext_lazy("Removed"), "warning"),
    "T": Word(gettext_lazy("Emptied"), "bad"),
}


class AuditConfig(AppConfig):
    name = "apps.audit"

    def ready(self) -> None:
        """Install the triggers, partitions and grants after every migration, and give our values their words."""
        from apps.audit.queries import columns

        registry.words("decision", DECISIONS)
        registry.words("change", CHANGES)
        registry.words("door", DOORS)
        registry.words("object", OBJECTS)
        registry.words("verification", VERIFICATIONS)
        registry.words("field", columns.FIELDS)
        registry.benchmark(
            "audit", "apps.audit.management.benchmarks.audit", rows=200_000, rounds=5, clients=16, seconds=4
        )
        registry.benchmark("trail", "apps.audit.management.benchmarks.packages.trail", events=1_000_000)
        post_migrate.connect(_install, sender=self)


def _install(*, using: str, **_: Any) -> None:
    from apps.audit import registry as trail
    from apps.audit.actions import installation
    from apps.core.domain.actor import System

    if using == "owner" and _has_book(using):
        with trail.migration():
            installation.sync(by=System("migrate"), at=timezone.now(), using=using)


def _has_book(using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit.operation') IS NOT NULL")
        return bool(cursor.fetchone()[0])
