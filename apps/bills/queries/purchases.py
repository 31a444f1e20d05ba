"""Purchases, and what of each was given back."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.access.models import User
from apps.bills.domain.kinds import ReceiptStatus
from apps.bills.models import Bill, Purchase
from apps.core.domain.money import ZERO
from apps.customers.queries import walls


def visible_to(user: User) -> QuerySet[Purchase]:
    """The purchases that somebody may see, with what of each was refunded."""
    standing = Q(refunds__status=ReceiptStatus.BOOKED)
    refunded = Coalesce(Sum("refunds__amount", filter=standing), ZERO)
    found = Purchase.objects.select_related("customer", "terms__product", "bill").annotate(refunded=refunded)
    return walls.seen(found, user)


def bills_of(purchase: Purchase) -> list[int]:
    """The keys of the bills that it is on: its own, or the statements that billed its shares."""
    lines = purchase.lines.values_list("bill_id", flat=True)
    return [key for key in {purchase.bill_id, *lines} if key is not None]


def on(bill: Bill) -> QuerySet[Purchase]:
    """The purchases that a bill is for, wholly or with a share."""
    return Purchase.objects.filter(Q(bill=bill) | Q(lines__bill=bill)).distinct()


def refunded(purchase: Purchase) -> Decimal:
    """What of the purchase was given back, by refunds that stand."""
    found: Decimal = purchase.refunds.filter(status=ReceiptStatus.BOOKED).aggregate(sum=Coalesce(Sum("amount"), ZERO))[
        "sum"
    ]
    return found


def in_slice(products: Sequence[str], customer: OuterRef) -> Q | Exists:
    """Holds for the customers who bought under one of these products or were billed under it."""
    bought = Purchase.objects.filter(customer=customer, terms__product__code__in=products)
    billed = Bill.objects.filter(customer=customer, terms__product__code__in=products)
    return Exists(billed) | Exists(bought)
