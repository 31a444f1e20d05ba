from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "apps.demo"

    def ready(self) -> None:
        """Let the close, the worklist, the intake and the reconciliation be measured on a book of any size."""
        from apps.core import registry

        registry.benchmark(
            "close", "apps.demo.management.benchmarks.close", bills=1_000_000, runs=5, rounds=5, growth=0
        )
        registry.benchmark(
            "access", "apps.demo.management.benchmark_access.access", cases=200_000, decisions=20_000, runs=7
        )
        registry.benchmark(
            "worklist", "apps.demo.management.benchmark_worklist.worklist", cases=1_000_000, runs=5, looks=40
        )
        registry.benchmark("intake", "apps.demo.management.benchmark_intake.intake", repayments=1_000_000, runs=5)
        registry.benchmark("reconcile", "apps.demo.management.benchmark_reconcile.reconcile", bills=1_000_000, runs=5)
