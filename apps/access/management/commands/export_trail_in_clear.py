import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.access import guard
from apps.access.actions import trail_exports
from apps.access.domain.exports import OF_PEOPLE
from apps.access.domain.permissions import Permission
from apps.access.models import User
from apps.access.queries import actors
from apps.audit import filters, registry
from apps.audit.queries.files import Format


class Command(BaseCommand):
    """Ask for an export of the trail with personal data in clear, as somebody who may."""

    help = (
        "Ask for an export of the trail with personal data in clear; it is written when whoever must agree has agreed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the days, the filters, the format, the purpose and who asks."""
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, required=True, metavar="D")
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, required=True, metavar="D")
        parser.add_argument("--format", type=Format, choices=list(Format), default=Format.JSONL)
        for name in filters.criteria():
            parser.add_argument(
                f"--{name.replace('_', '-')}", dest=f"by_{name}", default="", help="as in the trail's list"
            )
        parser.add_argument("--purpose", required=True, help="why, for the trail and for whoever must agree")
        parser.add_argument("--by", required=True, metavar="USER", help="who asks and may, and will take the file")

    def handle(self, *_: Any, **options: Any) -> None:
        """Ask, and print the references of the export and of the request."""
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(f"There is no user {options['by']}.")
        chosen = {name: options[f"by_{name}"] for name in filters.criteria() if options[f"by_{name}"]}
        for name in OF_PEOPLE:
            if name in chosen:
                chosen[name] = actors.identifier(chosen[name])
        with registry.shell("export_trail_in_clear"):
            guard.check(by, Permission.AUDIT_EXPORT)
            filters.selection(chosen)
            made = trail_exports.ask(
                period=(options["first"], options["last"]),
                kind=options["format"],
                purpose=options["purpose"],
                filters=chosen,
                is_clear=True,
                by=by,
                at=timezone.now(),
            )
        self.stdout.write(f"{made.approval} is sent to whoever must agree; {made.reference} is written then.")
