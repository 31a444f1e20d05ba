from django.apps import AppConfig


class BillsConfig(AppConfig):
    name = "apps.bills"

    def ready(self) -> None:
        """Add our steps to the close and the waiver to the controlled actions."""
        from apps.access.registry import controlled
        from apps.bills.actions import steps, waivers
        from apps.bills.queries import opening
        from apps.closing import registry

        registry.opening(opening.first_day)
        registry.step("bills.accrue", steps.accrue, order=10)
        registry.step("bills.age", steps.age, order=20)
        registry.step("bills.snapshot", steps.snapshot, order=30)
        controlled(waivers.ACTION, label="Waive a late fee", facts=waivers.facts, execute=waivers.execute)
