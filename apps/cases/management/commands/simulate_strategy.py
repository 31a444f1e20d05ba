import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from apps.cases.actions import simulations
from apps.cases.queries import strategies
from apps.cases.queries.simulations import FIGURES
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused


class Command(BaseCommand):
    """Close a day, or several, as they would be closed under a version, and print what it would make."""

    help = "Simulate a version of a strategy on the book as it was before a day: nothing is written or sent."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the version and the days."""
        parser.add_argument("version", help="as code@version; a code alone is its newest version")
        parser.add_argument("--date", type=dt.date.fromisoformat, required=True, help="the day, closed or the next")
        parser.add_argument("--through", type=dt.date.fromisoformat, help="and every day until this one")
        parser.add_argument("--everybody", action="store_true", help="every case under it at once, whatever its rule")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print the totals, and what each step and arm would make."""
        version = strategies.named(options["version"])
        if version is None:
            raise CommandError(f"There is no version {options['version']}: they are named like baitiao-standard@1.")
        try:
            found = simulations.trial(
                version=version,
                first_date=options["date"],
                last_date=options["through"] or options["date"],
                is_everybody=options["everybody"],
                by=System("simulate_strategy"),
                at=timezone.now(),
            )
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        if options["json"]:
            self.stdout.write(json.dumps({"version": str(version), **found}))
            return
        totals = Table("", str(version))
        for name in FIGURES:
            totals.add_row(name.replace("_", " "), str(found[name]))
        steps = Table("step", "arm", "tasks", "messages", "blocked", "hours")
        for line in found["steps"]:
            names = ("step", "arm", "tasks", "messages", "blocked", "agent_hours")
            steps.add_row(*(str(line[name]) for name in names))
        Console().print(totals, steps)
