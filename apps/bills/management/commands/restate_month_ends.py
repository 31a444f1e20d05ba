import argparse
import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.bills.actions import month_ends
from apps.core.domain.actor import System


class Command(BaseCommand):
    """State closed month-ends anew: what an earlier release kept of them in less detail."""

    help = "States snapshots, classes and roll-ups of closed month-ends anew from the ledger; nothing else changes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the first day and --json."""
        parser.add_argument("--since", type=_date, metavar="D", help="the month-ends from this day on; all unless told")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print the month-ends with the bills open at each."""
        found = month_ends.restate_all(since=options["since"], by=System("restate"), at=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps({"month_ends": {str(end): bills for end, bills in found.items()}}))
            return
        for end, bills in found.items():
            self.stdout.write(f"{end}: {bills:,} open bills.")
        if not found:
            self.stdout.write("No month's end is closed.")


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date; write it as 2005-05-01") from None
