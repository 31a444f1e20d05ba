"""`manage.py add_user USERNAME --name NAME --role ROLE --password-stdin`: take somebody on."""

import getpass
import json
import sys
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.access.actions import roles, staff
from apps.access.models import Agency, Team, User
from apps.audit import registry as audit
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused

Group = TypeVar("Group", Agency, Team)


class Command(BaseCommand):
    help = "Adds a user with one or more roles. The password is read from standard input, or asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        """The user, their roles, to whom they report and their own account."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="as shown to colleagues")
        parser.add_argument("--role", action="append", required=True, dest="roles", help="may be repeated")
        parser.add_argument("--reports-to", default="", metavar="USERNAME")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en")
        parser.add_argument("--customer", default="", metavar="REFERENCE", help="their own account with the lender")
        parser.add_argument("--team", default="", metavar="CODE", help="its slice of the book is what they see")
        parser.add_argument("--agency", default="", metavar="CODE", help="they see only what is placed with it")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add the user; exit code 1 with a sentence where that is refused."""
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else getpass.getpass("Password: ")
        by, at = System("add_user"), timezone.now()
        with audit.shell("add_user"):
            roles.install(by=by, at=at)
            user = staff.add(
                username=options["username"],
                name=options["name"],
                password=password,
                roles=options["roles"],
                reports_to=_superior(options["reports_to"]),
                language=options["language"],
                customer_reference=options["customer"],
                team=_of_code(Team, options["team"]),
                agency=_of_code(Agency, options["agency"]),
                by=by,
                at=at,
            )
        if options["json"]:
            self.stdout.write(json.dumps({"username": user.username, "roles": options["roles"], "id": user.pk}))
        else:
            self.stdout.write(f"Added {user.username} ({', '.join(options['roles'])}).")


def _superior(username: str) -> User | None:
    if not username:
        return None
    found = User.objects.filter(username=username).first()
    if found is None:
        raise Refused(f"Nobody is called “{username}”.", code="superior_unknown")
    return found


def _of_code(model: type[Group], code: str) -> Group | None:
    if not code:
        return None
    found = model.objects.filter(code=code).first()
    if found is None:
        raise Refused(f"There is no {model._meta.verbose_name} “{code}”.", code="group_unknown")
    return found
