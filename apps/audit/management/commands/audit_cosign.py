import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.audit.actions import cosigning
from apps.core.domain.actor import System


class Command(BaseCommand):
    """Keep an auditor's co-signature."""

    help = (
        "Check that a co-signed note is of a checkpoint of ours, signed by a known co-signer, and keep the signature."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("note", type=Path, metavar="NOTE", help="the co-signed checkpoint; - is standard input")

    def handle(self, *_: Any, **options: Any) -> None:
        """Keep it, and say what it shows."""
        path: Path = options["note"]
        try:
            text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}.") from None
        kept = cosigning.cosign(text=text, by=System("audit_cosign"), at=timezone.now())
        self.stdout.write(f"{kept.name} saw {kept.size:,} events at {kept.signed_at.isoformat()}.")
