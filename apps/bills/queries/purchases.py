"""Purchases, and what of each was given back."""

from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.access.models import User
from apps.bills.domain.kinds import ReceiptStatus
from apps.bills.models import Purchase
from apps.core.domain.money import ZERO


def visible_to(user: User) -> QuerySet[Purchase]:
    """The purchases that somebody may see, with what of each was refunded."""
    standing = Q(refunds__status=ReceiptStatus.BOOKED)
    refunded = Coalesce(Sum("refunds__amount", filter=standing), ZERO)
    return Purchase.objects.select_related("customer", "terms__product", "bill").annotate(refunded=refunded)


def refunded(purchase: Purchase) -> Decimal:
    """What of the purchase was given back, by refunds that stand."""
    found: Decimal = purchase.refunds.filter(status=ReceiptStatus.BOOKED).aggregate(sum=Coalesce(Sum("amount"), ZERO))[
        "sum"
    ]
    return found
