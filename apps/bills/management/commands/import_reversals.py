import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.audit import registry
from apps.bills.actions import reversals
from apps.bills.queries import sources
from apps.closing import queries as closing
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused

OUTCOMES = ("reversed", "unchanged", "refused")


class Command(BaseCommand):
    """Take back the repayments that a file names, line by line."""

    help = "Reverse repayments out of a file (CSV or Parquet, docs/money.md); every line that cannot be is named."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and --json."""
        parser.add_argument("file", type=Path, metavar="FILE", help="a .csv or .parquet file")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Name every line that was not taken; exit 1 if there is one."""
        now = timezone.now()
        business_date = closing.business_date_at(now)
        try:
            with registry.shell("import_reversals"):
                lines = sources.lines(options["file"], reversals.COLUMNS, reversals.OPTIONAL_COLUMNS)
                told = reversals.take_file(lines=lines, business_date=business_date, by=System("reversals"), at=now)
        except Refused as refusal:
            self.stderr.write(refusal.sentence)
            sys.exit(1)
        named = [line for line in told if line.sentence]
        for line in named:
            self.stderr.write(f"Row {line.row}, {line.reference}: {line.sentence}")
        counted = Counter(line.outcome for line in told)
        counts = {outcome: counted[outcome] for outcome in OUTCOMES}
        if options["json"]:
            self.stdout.write(json.dumps({"rows": len(told), **counts}))
        else:
            self.stdout.write(", ".join(f"{count:,} {outcome}" for outcome, count in counts.items()) + ".")
        if named:
            sys.exit(1)
