import json
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from apps.audit import registry
from apps.bills.actions import receipts
from apps.bills.management.bars import Bars
from apps.bills.models import Intake
from apps.bills.queries import intakes
from apps.closing import queries as closing
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.core.management import memory

SHOWN = 100


class Command(BaseCommand):
    """Take a file of repayments; killed or repeated, it goes on where it was and books nothing twice."""

    help = "Take a file of repayments (CSV or Parquet, docs/intake.md); safe to kill and to repeat."
    requires_system_checks = ()  # they would load every page

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, how many partitions, where refusals go, and --json."""
        parser.add_argument("file", type=Path, metavar="FILE", help="a .csv or .parquet file")
        parser.add_argument(
            "--partitions", type=int, default=receipts.PARTITIONS, metavar="N", help="parts taken side by side"
        )
        parser.add_argument(
            "--chunk", type=int, default=receipts.CHUNK, metavar="N", help="rows that are taken in one transaction"
        )
        parser.add_argument("--all-or-nothing", action="store_true", help="one bad row refuses the whole file")
        parser.add_argument("--refusals", type=Path, metavar="OUT", help="where to name every bad row (CSV)")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Take it and print what became of its rows; exit 1 if any was refused."""
        started, now, by = time.monotonic(), timezone.now(), System("import")
        try:
            with registry.shell("import_repayments"), Bars() as progress:
                intake = receipts.receive(
                    path=options["file"],
                    is_whole=options["all_or_nothing"],
                    business_date=closing.business_date_at(now),
                    by=by,
                    at=now,
                )
                report = receipts.take(
                    intake=intake,
                    partitions=options["partitions"],
                    chunk=max(options["chunk"], 1),
                    progress=progress,
                    by=by,
                    at=now,
                )
        except Refused as refusal:
            self.stderr.write(refusal.sentence)
            if options["json"]:
                self._print_json({"rows": 0, "created": 0, "unchanged": 0, "refused": 0, "error": refusal.sentence})
            sys.exit(1)
        seconds = round(time.monotonic() - started, 2)
        if report.intake.refused:
            self._name_refusals(report.intake, options["refusals"], now.strftime("%Y%m%dT%H%M%S.%f"))
        if options["json"]:
            self._print_json(_summary(report, seconds))
        else:
            self._print(report.intake, seconds)
        if report.intake.refused or report.intake.state != "done":
            sys.exit(1)

    def _print(self, intake: Intake, seconds: float) -> None:
        if intake.state == "refused":
            self.stdout.write(f"Nothing was taken of {intake.rows:,} rows: {intake.refused:,} are bad.")
            return
        self.stdout.write(
            f"{intake.rows:,} rows: {intake.created:,} booked, {intake.parked:,} in suspense, "
            f"{intake.unchanged:,} unchanged, {intake.refused:,} refused, in {seconds:.1f} s."
        )

    def _name_refusals(self, intake: Intake, file: Path | None, stamp: str) -> None:
        out = file or settings.VAR_DIR / "refusals" / f"{stamp}.csv"
        count = intakes.write_refusals(intake, out)
        table = Table("row", "column", "reason")
        for refusal in intakes.first_refusals(intake, SHOWN):
            table.add_row(str(refusal.row or ""), refusal.column, refusal.reason)
        Console(stderr=True).print(table)
        self.stderr.write(f"{count:,} faults are named in {out}.")

    def _print_json(self, summary: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(summary, ensure_ascii=False))


def _summary(report: receipts.Report, seconds: float) -> dict[str, Any]:
    intake = report.intake
    return {
        "intake": intake.reference,
        "state": intake.state,
        "rows": intake.rows,
        "created": intake.created,
        "parked": intake.parked,
        "unchanged": intake.unchanged,
        "refused": intake.refused,
        "played": intakes.standing(intake).played,
        "resumed": report.was_resumed,
        "seconds": seconds,
        "peak_mb": memory.peak_megabytes(),
    }
