"""Money that came in: repayments and refunds."""

from django.db.models import QuerySet

from apps.access.models import User
from apps.bills.models import Refund, Repayment


def visible_to(user: User) -> QuerySet[Repayment]:
    """The repayments that somebody may see, with their customer."""
    return Repayment.objects.select_related("customer", "bill")


def refunds_visible_to(user: User) -> QuerySet[Refund]:
    """The refunds that somebody may see."""
    return Refund.objects.select_related("customer", "purchase")


def is_known(reference: str) -> bool:
    """Whether a repayment of that reference was recorded."""
    return Repayment.objects.filter(reference=reference).exists()
