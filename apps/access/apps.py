from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.translation import gettext_lazy


class AccessConfig(AppConfig):
    name = "apps.access"

    def ready(self) -> None:
        """Add our pages, tiles and words to the shell, and bring in the shipped roles after every migration."""
        from apps.access import registry
        from apps.access.actions import matrix as editions
        from apps.access.actions import sign_in_rules as rules
        from apps.access.actions import trail_exports as clear_exports
        from apps.access.domain.permissions import Permission as May
        from apps.access.queries import (
            delegations,
            emergencies,
            matrix,
            sign_in_rules,
            tiles,
            trail_exports,
            trail_words,
            wording,
        )
        from apps.audit import registry as trail
        from apps.core import registry as core

        registry.nav(gettext_lazy("Home"), "access:home", May.HOME_READ, 0, icon="home", key="h")
        registry.nav(gettext_lazy("Approvals"), "access:approvals", May.APPROVAL_READ, 500, icon="checks", key="a")
        registry.nav(gettext_lazy("Staff"), "access:staff", May.STAFF_READ, 800, icon="id-badge-2", key="s")
        registry.tile(May.AUDIT_VERIFY, lambda _user: tiles.book(timezone.now()), order=5)
        registry.tile(May.APPROVAL_DECIDE, lambda user: tiles.waiting(user, timezone.now()), order=20)
        registry.nav(gettext_lazy("Controls"), "access:controls", May.CONTROL_WATCH, 804, icon="adjustments")
        registry.nav(gettext_lazy("Emergencies"), "access:emergencies", May.EMERGENCY_TAKE, 805, icon="alert-triangle")
        registry.tile(May.CONTROL_WATCH, lambda _user: tiles.emergencies_to_review(timezone.now()), order=6)
        registry.tile(May.APPROVAL_DECIDE, lambda user: tiles.acting_for(user, timezone.now()), order=21)
        registry.controlled(
            matrix.ACTION,
            label=gettext_lazy("Publish an authority matrix"),
            facts=matrix.facts,
            execute=editions.execute,
            evidence="access:matrix_proposal",
        )
        registry.controlled(
            trail_exports.IN_CLEAR,
            label=gettext_lazy("Export the trail with personal data in clear"),
            facts=trail_exports.facts,
            execute=clear_exports.execute,
        )
        registry.controlled(
            sign_in_rules.CHANGE,
            label=gettext_lazy("Change how a role signs in"),
            facts=sign_in_rules.facts_of_change,
            execute=rules.execute,
        )
        registry.controlled(
            sign_in_rules.RESET,
            label=gettext_lazy("Reset a second factor"),
            facts=sign_in_rules.facts_of_reset,
            execute=rules.execute_reset,
        )
        core.words("approval", wording.badges())
        core.words("emergency", emergencies.STATES)
        core.words("emergency_finding", emergencies.FINDINGS)
        core.words("delegation", delegations.STATES)
        core.words("fact", wording.FACTS)
        core.words("object", trail_words.OBJECTS)
        core.words("trail_export", trail_exports.STATES)
        trail.words(trail_words.COLUMNS)
        registry.nav(gettext_lazy("Audit trail"), "access:trail", May.AUDIT_READ, 850, icon="history", key="t")
        registry.nav(gettext_lazy("Verification"), "access:book", May.AUDIT_VERIFY, 860, icon="shield-check")
        post_migrate.connect(_install, sender=self)


def _install(*, using: str, **_: Any) -> None:
    from django.db import connections

    from apps.access.actions import policies, roles
    from apps.access.models import Role
    from apps.audit.registry import migration
    from apps.core.domain.actor import System

    if using == "owner" and Role._meta.db_table in connections[using].introspection.table_names():
        with migration():
            roles.install(by=System("migrate"), at=timezone.now())
            policies.sync(by=System("migrate"), at=timezone.now(), using=using)
