import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress, TextColumn

from apps.audit.actions import exports
from apps.audit.domain.envelope import Decision
from apps.audit.queries import files
from apps.core.domain.actor import System


class Command(BaseCommand):
    """Write the events of some days to a file; the export itself is two operations of the book."""

    help = "Write the events recorded from one day through another to a file: JSON lines, CSV or Parquet."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the days, the format and the file."""
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, required=True, metavar="D")
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, required=True, metavar="D")
        parser.add_argument("--format", type=files.Format, choices=list(files.Format), default=files.Format.JSONL)
        parser.add_argument("--purpose", default="", help="why it is exported, for the book")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
        parser.add_argument("out", type=Path, metavar="OUT", help="the file, which must not exist yet")

    def handle(self, *_: Any, **options: Any) -> None:
        """Export, and print the events, the bytes and the SHA-256 of the file."""
        out: Path = options["out"]
        draft = out.with_name(f"{out.name}.part")
        if options["last"] < options["first"]:
            raise CommandError("The last day lies before the first.")
        try:
            file = draft.open("xb") if not out.exists() else out.open("xb")
        except FileExistsError as error:
            raise CommandError(f"{error.filename} exists already.") from None
        except OSError as error:
            raise CommandError(f"{draft} cannot be written: {error.strerror}.") from None
        try:
            with file:
                export = self._export(file, draft, options)
            draft.rename(out)
        finally:
            draft.unlink(missing_ok=True)
        summary = {"events": export.rows, "bytes": export.size, "sha256": export.digest.hexdigest()}
        if options["json"]:
            self.stdout.write(json.dumps(summary))
        else:
            self.stdout.write(f"{export.rows:,} events, {export.size:,} bytes in {out}, SHA-256 {summary['sha256']}.")

    def _export(self, file: BinaryIO, draft: Path, options: dict[str, Any]) -> exports.OpenExport:
        by, days = System("audit_export"), (options["first"], options["last"])
        export = exports.begin(
            what="audit.trail",
            filters={"from": days[0], "to": days[1], "format": options["format"]},
            columns=list(files.COLUMNS),
            purpose=options["purpose"],
            by=by,
            at=timezone.now(),
        )
        decision = Decision.ERROR
        try:
            start, end = (_midnight(day) for day in (days[0], days[1] + dt.timedelta(1)))
            with Progress(TextColumn("{task.completed:,.0f} events"), console=Console(stderr=True)) as bar:
                task = bar.add_task("", total=None)
                for rows in files.write(file, options["format"], start, end):
                    export.rows += rows
                    bar.advance(task, rows)
            file.flush()
            with draft.open("rb") as written:
                export.digest = hashlib.file_digest(written, "sha256")
            export.size = draft.stat().st_size
            decision = Decision.ALLOW
        finally:
            exports.done(export=export, decision=decision, by=by, at=timezone.now())
        return export


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min), timezone.get_default_timezone())
