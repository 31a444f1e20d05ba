from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.access import guard
from apps.access.domain.permissions import Permission
from apps.access.models import User
from apps.customers.actions import erasure
from apps.customers.models import Customer


class Command(BaseCommand):
    """Ask for a customer's personal data to be erased, as somebody who may."""

    help = "Ask for a customer's personal data to be erased; it is done when whoever must agree has agreed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the customer, the reason and who asks."""
        parser.add_argument("reference", help="the customer")
        parser.add_argument("--reason", required=True, help="what the person asked for and when")
        parser.add_argument("--by", required=True, metavar="USER", help="who asks and may")

    def handle(self, *_: Any, **options: Any) -> None:
        """Ask, and print the request's reference."""
        by = User.objects.filter(username=options["by"]).first()
        customer = Customer.objects.filter(reference=options["reference"]).first()
        if by is None:
            raise CommandError(f"There is no user {options['by']}.")
        if customer is None:
            raise CommandError(f"There is no customer {options['reference']}.")
        guard.check(by, Permission.ERASURE_REQUEST)
        asked = erasure.request(customer=customer, reason=options["reason"], by=by, at=timezone.now())
        self.stdout.write(f"{asked.reference} is sent to whoever must agree.")
