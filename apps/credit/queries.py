"""Every question about credit lines."""

from django.db.models import QuerySet

from apps.access.models import User
from apps.credit.models import CreditLine


def visible_to(user: User) -> QuerySet[CreditLine]:
    """The credit lines that somebody may see: all of them for everyone who works here."""
    return CreditLine.objects.select_related("customer")
