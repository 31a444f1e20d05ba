from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils import timezone


class CustomersConfig(AppConfig):
    name = "apps.customers"

    def ready(self) -> None:
        """Say how our words are shown, add the erasure, and make keys after the first migration."""
        from django.utils.translation import gettext_lazy as _

        from apps.access import registry as shell
        from apps.audit import registry as trail
        from apps.core import registry
        from apps.customers.actions import erasure
        from apps.customers.queries import erasure as facts
        from apps.customers.queries import opening, trail_words, walls, wording

        for kind, words in wording.WORDS.items():
            registry.words(kind, words)
        registry.words("object", trail_words.OBJECTS)
        trail.words(trail_words.COLUMNS)
        trail.opener(opening.opened)
        shell.walls_from(walls.requests)
        shell.controlled(facts.ACTION, label=_("Erase personal data"), facts=facts.facts, execute=erasure.execute)
        post_migrate.connect(_make_keys, sender=self)


def _make_keys(*, using: str, **_: Any) -> None:
    """Keys for a book that is empty; one with customers whose keys are lost gets no others."""
    from apps.core.domain.actor import System
    from apps.customers.actions import keyring
    from apps.customers.models import Customer

    if using == "owner" and not Customer.objects.using(using).exists():
        keyring.make(by=System("migrate"), at=timezone.now())
