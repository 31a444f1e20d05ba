import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.cases.actions import roster
from apps.core.domain.actor import System


class Command(BaseCommand):
    """Give the waiting cases to the roster; the scheduler does the same every morning."""

    help = "Gives the open cases that belong to nobody to who is on the roster, or shows what that would do."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether it is only to be shown."""
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Assign, and say how many cases went to whom and how many stay."""
        at = timezone.now()
        if options["dry_run"]:
            _works, plan = roster.propose(by=None, at=at)
            given, left = len(plan.given), len(plan.left)
        else:
            given, left = roster.assign_all(by=System("assignment"), at=at)
        told = {"waiting": given + left, "given": given, "left": left}
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write("{waiting} cases wait: {given} given, {left} left in their queues.".format(**told))
