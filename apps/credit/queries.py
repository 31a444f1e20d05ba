"""Every question about credit lines."""

from django.db.models import QuerySet

from apps.access.models import User
from apps.credit.models import CreditLine
from apps.customers.queries import walls


def visible_to(user: User) -> QuerySet[CreditLine]:
    """The credit lines of the customers whom somebody may see."""
    return walls.seen(CreditLine.objects.select_related("customer"), user)
