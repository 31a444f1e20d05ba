from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.audit.actions import renewal
from apps.audit.queries import keys
from apps.core.domain.actor import System


class Command(BaseCommand):
    """The keys that sign the trail."""

    help = "Show every key that ever signed the trail, or put a new one in force."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do and the reason."""
        words = parser.add_subparsers(dest="word", required=True)
        words.add_parser("show", help="every public key, the one in force last")
        renew = words.add_parser("renew", help="make a new key, which the old one hands over to")
        renew.add_argument("--reason", required=True, help="why, for the trail")

    def handle(self, *_: Any, **options: Any) -> None:
        """Show or renew."""
        if options["word"] == "renew":
            renewed = renewal.renew(reason=options["reason"], by=System("audit_key"), at=timezone.now())
            self.stdout.write(f"Both keys signed {renewed.size:,} events; from here on this one is in force:")
            self.stdout.write(renewed.verifier.text)
            if settings.AUDIT_KEY:
                self.stdout.write(
                    f"The environment still holds the old key: set AUDIT_KEY to what is in {keys.path()}."
                )
            return
        for key in keys.known():
            until = f" until {key.size:,} events of {key.origin}" if key.origin else " in force"
            self.stdout.write(f"{key.verifier.text}{until}")
