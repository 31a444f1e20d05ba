from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "apps.customers"

    def ready(self) -> None:
        """Say how our words are shown."""
        from apps.audit import registry as trail
        from apps.core import registry
        from apps.customers.queries import trail_words, wording

        for kind, words in wording.WORDS.items():
            registry.words(kind, words)
        registry.words("object", trail_words.OBJECTS)
        trail.words(trail_words.COLUMNS)
