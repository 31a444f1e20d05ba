import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.audit import registry
from apps.bills.actions import debit_results
from apps.bills.actions.debit_results import Result
from apps.bills.domain.debits import OPTIONAL_COLUMNS, RESULT_COLUMNS
from apps.bills.queries import sources
from apps.closing import queries as closing
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused

OUTCOMES = ("paid", "failed", "returned", "unchanged", "parked", "refused")


class Command(BaseCommand):
    """Take the bank's answer to a debit file; the same file again changes nothing."""

    help = "Take the bank's results of debits (CSV or Parquet, docs/auto-debit.md), line by line."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and --json."""
        parser.add_argument("file", type=Path, metavar="FILE", help="a .csv or .parquet file")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Name every line that was not taken; exit 1 if there is one."""
        now = timezone.now()
        business_date = closing.business_date_at(now)
        try:
            with registry.shell("debit_results"):
                results = (
                    Result(row, **{"reference": "", "amount": "", "result": "", **line})
                    for row, line in sources.lines(options["file"], RESULT_COLUMNS, OPTIONAL_COLUMNS)
                )
                told = debit_results.take(results=results, business_date=business_date, by=System("debit"), at=now)
        except Refused as refusal:
            self.stderr.write(refusal.sentence)
            sys.exit(1)
        named = [line for line in told if line.sentence]
        for line in named:
            self.stderr.write(f"Row {line.row}, {line.reference}: {line.sentence}")
        counted = Counter(line.outcome for line in told)
        counts = {outcome: counted[outcome] for outcome in OUTCOMES}
        if options["json"]:
            rows = [{"row": n.row, "reference": n.reference, "outcome": n.outcome, "why": n.sentence} for n in named]
            self.stdout.write(json.dumps({"rows": len(told), **counts, "named": rows}, ensure_ascii=False))
        else:
            self.stdout.write(", ".join(f"{count:,} {outcome}" for outcome, count in counts.items()) + ".")
        if named:
            sys.exit(1)
