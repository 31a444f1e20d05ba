from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.audit.actions import continuing
from apps.core.domain.actor import System


class Command(BaseCommand):
    """Decide how the trail goes on after a restore, or without the key."""

    help = "Go on sealing after a restore: the same tree in another cluster, or a new origin that names the old one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the reason and what may be begun anew."""
        parser.add_argument("--reason", required=True, help="what happened, for the trail")
        parser.add_argument(
            "--new-origin", action="store_true", help="the tree is not the published one: begin one that names it"
        )
        parser.add_argument("--new-key", action="store_true", help="the key is lost: begin a new origin with a new key")

    def handle(self, *_: Any, **options: Any) -> None:
        """Go on, and say with what."""
        done = continuing.go_on(
            new_origin=options["new_origin"],
            new_key=options["new_key"],
            reason=options["reason"],
            by=System("audit_continue"),
            at=timezone.now(),
        )
        self.stdout.write(
            f"{done.events:,} events that no seal held are sealed; {done.origin} goes on with {done.size:,} events."
        )
