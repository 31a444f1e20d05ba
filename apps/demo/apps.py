from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "apps.demo"

    def ready(self) -> None:
        """Let the close be measured on a book of any size."""
        from apps.core import registry

        registry.benchmark("close", "apps.demo.management.benchmarks.close", bills=1_000_000, runs=5, growth=0)
