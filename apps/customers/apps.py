from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "apps.customers"

    def ready(self) -> None:
        """Say how our words are shown, and add the erasure to the controlled actions."""
        from django.utils.translation import gettext_lazy as _

        from apps.access import registry as shell
        from apps.audit import registry as trail
        from apps.core import registry
        from apps.customers.actions import erasure
        from apps.customers.queries import erasure as facts
        from apps.customers.queries import trail_words, walls, wording

        for kind, words in wording.WORDS.items():
            registry.words(kind, words)
        registry.words("object", trail_words.OBJECTS)
        trail.words(trail_words.COLUMNS)
        shell.walls_from(walls.requests)
        shell.controlled(facts.ACTION, label=_("Erase personal data"), facts=facts.facts, execute=erasure.execute)
