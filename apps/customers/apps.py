from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "apps.customers"

    def ready(self) -> None:
        """Say how our words are shown."""
        from apps.core import registry
        from apps.customers.queries import wording

        for kind, words in wording.WORDS.items():
            registry.words(kind, words)
