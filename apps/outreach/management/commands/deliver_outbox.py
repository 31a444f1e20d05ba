import json
import time
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.outreach import tasks

STATUSES = ("sent", "failed", "blocked", "cancelled", "waiting")


class Command(BaseCommand):
    """Send what is due by hand; the worker does the same every few seconds."""

    help = "Send the messages that are due, and say what became of them."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many at most."""
        parser.add_argument("--limit", type=int, metavar="N", help="stop after so many messages")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Drain the outbox; exit code 1 where a message failed."""
        began = time.monotonic()
        ended = Counter(tasks.drain(seconds=float("inf"), limit=options["limit"]))
        counts = {status: ended[status] for status in STATUSES}
        if options["json"]:
            seconds = round(time.monotonic() - began, 3)
            self.stdout.write(json.dumps({"messages": ended.total(), **counts, "seconds": seconds}))
        elif ended:
            self.stdout.write(", ".join(f"{count} {status}" for status, count in counts.items() if count) + ".")
        else:
            self.stdout.write("Nothing is due.")
        if counts["failed"]:
            raise SystemExit(1)
