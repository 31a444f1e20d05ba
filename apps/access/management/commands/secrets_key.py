"""`manage.py secrets_key [renew]`: the keys that lock second factors' secrets, and a new one in place of the last."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.access.actions import locker
from apps.access.queries import locker as keys
from apps.audit import registry as audit
from apps.core.domain.actor import System


class Command(BaseCommand):
    help = (
        "Shows which keys lock secrets; `renew` adds one and locks every secret with it, `lock-anew` goes on with that."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        parser.add_argument("what", nargs="?", choices=["show", "renew", "lock-anew"], default="show")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; exit code 1 with a sentence where it is refused."""
        by, at, locked = System("secrets_key"), timezone.now(), 0
        with audit.shell("secrets_key"):
            if options["what"] == "renew":
                locker.renew(by=by, at=at)
            if options["what"] != "show":
                locked = locker.lock_anew(by=by, at=at, progress=lambda done: self.stderr.write(f"{done} locked anew"))
        waiting = keys.by_version() if keys.is_there() else {}
        versions = sorted(keys.ring().keys) if keys.is_there() else []
        if options["json"]:
            told = {"versions": versions, "secrets": {str(key): count for key, count in waiting.items()}}
            self.stdout.write(json.dumps(told | {"locked_anew": locked}))
        else:
            for version in versions:
                self.stdout.write(f"key {version}: {waiting.get(version, 0)} secrets")
