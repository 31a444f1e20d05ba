import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from apps.audit import filters, registry
from apps.audit.actions import packages
from apps.audit.queries.files import Format
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused


class Command(BaseCommand):
    """Export the trail so that somebody outside can verify it; the export itself is two operations of the book."""

    help = (
        "Write the events recorded from one day through another, with their proofs, the signed checkpoint and a "
        "verifier, to a zip file: `python3 OUT` verifies it. With filters every line has a proof of its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the days, the filters, the format and the file."""
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, required=True, metavar="D")
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, required=True, metavar="D")
        parser.add_argument("--format", type=Format, choices=list(Format), default=Format.JSONL)
        for name in filters.criteria():
            parser.add_argument(
                f"--{name.replace('_', '-')}", dest=f"by_{name}", default="", help="as in the trail's list"
            )
        parser.add_argument("--purpose", default="", help="why it is exported, for the book")
        parser.add_argument(
            "--checkpoint", type=Path, metavar="FILE", help="a checkpoint that the receiver holds, to be continued"
        )
        parser.add_argument(
            "--sealed-part", action="store_true", help="as far as the period is sealed, where it is not sealed yet"
        )
        parser.add_argument(
            "--cold", type=Path, metavar="DIR", help="the folder of the cold files, for days that left the database"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
        parser.add_argument("out", type=Path, metavar="OUT", help="the zip file, which must not exist yet")

    def handle(self, *_: Any, **options: Any) -> None:
        """Export, and print the events, the bytes and the SHA-256 of the file."""
        chosen = {name: options[f"by_{name}"] for name in filters.criteria() if options[f"by_{name}"]}
        try:
            with registry.shell("audit_export"), Progress(console=Console(stderr=True)) as bar:
                task = bar.add_task("")
                made = packages.export(
                    wish=packages.Wish(
                        period=filters.period(options["first"], options["last"]),
                        kind=options["format"],
                        filters=chosen,
                        selection=filters.selection(chosen),
                        purpose=options["purpose"],
                        earlier=_read(options["checkpoint"]),
                        sealed_part=options["sealed_part"],
                        cold=options["cold"],
                    ),
                    out=options["out"],
                    progress=lambda done, of: bar.update(task, completed=done, total=of),
                    by=System("audit_export"),
                    at=timezone.now(),
                )
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        if options["json"]:
            self.stdout.write(json.dumps({"events": made.events, "bytes": made.size, "sha256": made.sha256}))
        else:
            sentence = f"{made.events:,} events, {made.size:,} bytes in {options['out']}, SHA-256 {made.sha256}."
            self.stdout.write(f"{sentence}\nVerify it anywhere: python3 {options['out']}")


def _read(path: Path | None) -> str | None:
    try:
        return None if path is None else path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from None
