import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.audit import registry
from apps.bills.actions import debits
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused


class Command(BaseCommand):
    """Write what the bank is to debit on a day."""

    help = "Write the debit file of a day (docs/auto-debit.md); the same debits make the same file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the day, where the file goes, and --json."""
        parser.add_argument("out", type=Path, metavar="OUT", help="where the file goes; - is standard output")
        parser.add_argument("--date", type=dt.date.fromisoformat, required=True, metavar="D", help="the debit date")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Write it whole or not at all; exit 1 where the day's working days are not published."""
        try:
            with registry.shell("debit_file"):
                text = debits.export(date=options["date"], by=System("debit"), at=timezone.now())
        except Refused as refusal:
            self.stderr.write(refusal.sentence)
            sys.exit(1)
        out: Path = options["out"]
        if str(out) == "-":
            self.stdout.write(text, ending="")
            return
        partial = out.with_name(f"{out.name}.part")
        partial.write_text(text, encoding="utf-8", newline="")
        partial.replace(out)
        _end, count, amount, digest = text.splitlines()[-1].split(",")
        if options["json"]:
            self.stdout.write(json.dumps({"debits": int(count), "amount": amount, "sha256": digest}))
        else:
            self.stdout.write(f"{out}: {int(count):,} debits, {amount} in all.")
