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
from apps.bills.actions import intake
from apps.bills.management.bars import Bars
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused


class Command(BaseCommand):
    """Take a portfolio whole, or refuse it whole with every bad row named."""

    help = "Take a portfolio, whole or not at all: a folder of CSV and Parquet files, or the UCI credit card data."
    requires_system_checks = ()  # they would load every page

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the path, the format, where refusals go, and --json."""
        parser.add_argument("path", type=Path, metavar="FOLDER|FILE", help="the folder, or the file of another format")
        parser.add_argument("--format", choices=("portfolio", "uci"), default="portfolio", help="docs/portfolio.md")
        parser.add_argument("--refusals", type=Path, help="where to write every bad row (CSV); by default under var/")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Import, print what was taken; exit 1 if it was refused."""
        started = time.monotonic()
        at = timezone.now()
        refusals = options["refusals"] or settings.VAR_DIR / "refusals" / f"{at:%Y%m%dT%H%M%S.%f}.csv"
        shared: dict[str, Any] = {"refusals": refusals, "by": System("import"), "at": at}
        try:
            with registry.shell("import_portfolio"), Bars() as progress:
                shared["progress"] = progress
                if options["format"] == "uci":
                    report = intake.take_uci(file=options["path"], **shared)
                else:
                    report = intake.take_folder(folder=options["path"], today=timezone.localdate(), **shared)
        except Refused as refusal:
            self._say_no(refusal, started, as_json=options["json"])
        else:
            self._say_yes(report, started, as_json=options["json"])

    def _say_yes(self, report: intake.Report, started: float, *, as_json: bool) -> None:
        seconds = round(time.monotonic() - started, 2)
        if as_json:
            tables = {
                name: {"rows": taken.rows, "created": taken.created, "unchanged": taken.unchanged}
                for name, taken in report.tables.items()
            }
            self._print_json(report.rows, report.created, report.unchanged, 0, seconds, tables=tables)
            return
        for name, taken in report.tables.items():
            label = name.replace("_", " ")
            self.stdout.write(f"{label:<14}{taken.created:>10,} new {taken.unchanged:>10,} unchanged")
        self.stdout.write(
            f"{report.rows:,} rows: {report.created:,} new, {report.unchanged:,} unchanged, in {seconds:.1f} s."
        )

    def _say_no(self, refusal: Refused, started: float, *, as_json: bool) -> None:
        seconds = round(time.monotonic() - started, 2)
        turned = refusal if isinstance(refusal, intake.Turned) else None
        if turned:
            self._print_refusals(turned)
        self.stderr.write(refusal.sentence)
        if as_json:
            more: dict[str, Any] = {"error": refusal.sentence}
            if turned:
                more["refusals_file"] = str(turned.file)
                more["refusals"] = [
                    {"file": r.file, "row": r.row or None, "column": r.column, "reason": r.reason} for r in turned.shown
                ]
            self._print_json(turned.total if turned else 0, 0, 0, turned.rows if turned else 0, seconds, **more)
        sys.exit(1)

    def _print_refusals(self, turned: intake.Turned) -> None:
        table = Table("file", "row", "column", "reason")
        for refusal in turned.shown:
            table.add_row(refusal.file, str(refusal.row or ""), refusal.column, refusal.reason)
        Console(stderr=True).print(table)
        if turned.faults > len(turned.shown):
            self.stderr.write(f"These are the first {len(turned.shown)} of {turned.faults:,} faults.")

    def _print_json(self, rows: int, created: int, unchanged: int, refused: int, seconds: float, **more: Any) -> None:
        summary = {"rows": rows, "created": created, "unchanged": unchanged, "refused": refused, "seconds": seconds}
        self.stdout.write(json.dumps(summary | more, ensure_ascii=False))
