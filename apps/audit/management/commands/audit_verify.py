import datetime as dt
import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.audit.domain import canonical
from apps.audit.queries import anchoring, verification


class Command(BaseCommand):
    """Verify the book as the auditor sees it."""

    help = "Check the book's guards, privileges and rows; exit 1 and name every fault if anything is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a first day and --json."""
        parser.add_argument("--since", type=dt.date.fromisoformat, metavar="D", help="check rows from this day on")
        parser.add_argument(
            "--cold", type=Path, metavar="DIR", help="the folder of the cold files, to read what left the database too"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print the faults; exit 1 if there are any."""
        started = time.perf_counter()
        since = options["since"] and timezone.make_aware(dt.datetime.combine(options["since"], dt.time.min))
        found = verification.verify(since=since, folder=options["cold"])
        seconds = round(time.perf_counter() - started, 3)
        if options["json"]:
            faults = [fault.as_dict() for fault in found.faults]
            self.stdout.write(
                json.dumps(
                    {
                        "ok": found.ok,
                        "events": found.events,
                        "seconds": seconds,
                        "faults": faults,
                        "anchors": anchoring.summary(),
                        "schema_watched": found.schema_watched,
                        "retired": [
                            {"month": left.month.name, "events": left.events, "file": left.file, "sha256": left.sha256}
                            for left in found.retired
                        ],
                        "cold_read": found.is_cold_read,
                    },
                    default=canonical.moment,
                )
            )
        else:
            for fault in found.faults:
                self.stdout.write(fault.sentence)
            if not found.schema_watched:
                self.stdout.write("Changes of the schema are not entered in the trail; a superuser can arrange it.")
            for left in found.retired:
                rests = "was read too" if found.is_cold_read else "was not read: its events rest on the sealed hashes"
                self.stdout.write(f"{left.month.name}: {left.events:,} events left the database; {left.file} {rests}.")
            for sentence in anchoring.sentences():
                self.stdout.write(sentence)
            verdict = "the book is whole" if found.ok else f"{len(found.faults)} faults"
            self.stdout.write(f"{found.events:,} events checked in {seconds:.1f} s: {verdict}.")
        if not found.ok:
            sys.exit(1)
