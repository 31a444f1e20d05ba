import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from apps.audit import registry
from apps.audit.actions import retirement
from apps.audit.actions.retirement import Left
from apps.core.domain.actor import System


def month(text: str) -> dt.date:
    """The first day of a month that is written `2019-01`."""
    return dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=dt.UTC).date()


class Command(BaseCommand):
    """Retire months of the trail."""

    help = (
        "Write every month before one to cold files, verify them on the disk, and take the months out of the database. "
        "Killed anywhere, run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the month, the folder and the reason."""
        parser.add_argument("--before", type=month, required=True, metavar="YYYY-MM", help="the first month that stays")
        parser.add_argument("--cold", type=Path, default=Path(settings.AUDIT_COLD), metavar="DIR", help="where to")
        parser.add_argument("--reason", default="", help="why, for the trail")
        parser.add_argument("--dry-run", action="store_true", help="say what would leave, and do nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Retire, and say month by month what left."""
        by, now, left = System("audit_retire"), timezone.now(), list[Left]()
        if options["dry_run"]:
            left = retirement.planned(before=options["before"], by=by, at=now)
        else:
            with registry.shell("audit_retire"), Progress(console=Console(stderr=True)) as bar:
                task = bar.add_task("")
                for month in retirement.retire(
                    before=options["before"],
                    folder=options["cold"],
                    reason=options["reason"],
                    progress=lambda at, done, of: bar.update(task, description=at.name, completed=done, total=of),
                    by=by,
                    at=now,
                ):
                    left.append(month)
        self._say(left, as_json=options["json"], is_dry=options["dry_run"])

    def _say(self, left: list[Left], *, as_json: bool, is_dry: bool) -> None:
        if as_json:
            months = [
                {"month": found.month.name, "events": found.events, "personal_values": found.personal,
                 "files": list(found.files)}
                for found in left
            ]  # fmt: skip
            self.stdout.write(json.dumps({"dry_run": is_dry, "months": months}))
            return
        verb = "would leave" if is_dry else "left"
        for found in left:
            where = f" for {', '.join(found.files)}" if found.files else ""
            values = f"{found.personal:,} personal values with them"
            self.stdout.write(f"{found.month.name}: {found.events:,} events {verb}{where}; {values}.")
        if not left:
            self.stdout.write("No month is old enough.")
