import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.audit.domain import canonical
from apps.audit.queries import anchoring, trail


class Command(BaseCommand):
    """Say how the book stands."""

    help = "How many events the book holds, how far they are sealed, and how many changes nobody accounts for."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --json."""
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print the numbers."""
        status = trail.status(timezone.now()) | {"anchors": anchoring.summary()}
        if options["json"]:
            self.stdout.write(json.dumps(status, default=canonical.moment))
        else:
            self.stdout.write(
                f"{status['events']:,} events in the book, {status['sealed']:,} of them sealed; "
                f"{status['unattributed']:,} changes outside every operation."
            )
            if status["retired"]:
                self.stdout.write(f"{status['retired']:,} sealed events left the database for cold files.")
            if status["last_checkpoint"]:
                self.stdout.write(f"Signed last at {status['last_checkpoint']}.")
            if status["lag_seconds"]:
                self.stdout.write(f"The oldest event that is not sealed is {status['lag_seconds']:,.0f} seconds old.")
            for sentence in anchoring.sentences():
                self.stdout.write(sentence)
