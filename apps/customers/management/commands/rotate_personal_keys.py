import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.core.domain.actor import System
from apps.customers.actions import keyring, resealing
from apps.customers.models.keyring import ring
from apps.customers.queries import sealed


class Command(BaseCommand):
    """Put a new key in force and seal every personal value under it."""

    help = "Puts a new key of personal data in force and seals every value anew; kill it anywhere and --resume it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to go on, whether to retire, and --json."""
        parser.add_argument("--resume", action="store_true", help="no new key: go on with the one in force")
        parser.add_argument("--retire", action="store_true", help="keys under which nothing lies open nothing any more")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Renew, seal anew, retire; print what was done of each column and what is left."""
        by, at = System("rotate"), timezone.now()
        if not options["resume"]:
            keyring.renew(by=by, at=at)

        def progress(column: str, count: int) -> None:
            if not options["json"]:
                self.stdout.write(f"{column}: {count:,} more")

        done = resealing.reseal(progress=progress, by=by, at=at)
        left = sealed.left()
        if options["retire"]:
            keyring.retire(kept=sealed.in_use(), by=by, at=at)
        keys = ring()
        if options["json"]:
            told = {"key": keys.current, "resealed": done, "left": left, "retired": sorted(keys.retired)}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(f"The key {keys.current} is in force; {sum(done.values()):,} values were sealed anew.")
        for column, count in left.items():
            self.stdout.write(f"{column}: {count:,} values stay under an earlier key, because the table never changes.")
