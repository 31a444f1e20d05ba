"""Where the search box leads: to a customer, a bill or a repayment by its reference."""

from django.urls import reverse

from apps.access.models import User
from apps.bills.queries import bills, people, receipts
from apps.bills.queries import suspense as parked


def customer(user: User, text: str) -> str | None:
    """The page of the customer of that reference."""
    found = people.visible_to(user).filter(reference__in={text, text.upper()}).first()
    return reverse("bills:customer", args=(found.reference,)) if found else None


def bill(user: User, text: str) -> str | None:
    """The page of the bill of that reference."""
    found = bills.visible_to(user).filter(reference__in={text, text.upper()}).first()
    return reverse("bills:bill", args=(found.reference,)) if found else None


def repayment(user: User, text: str) -> str | None:
    """The page of the repayment of that reference."""
    found = receipts.visible_to(user).filter(reference__in={text, text.upper()}).first()
    return reverse("bills:repayment", args=(found.reference,)) if found else None


def suspense(user: User, text: str) -> str | None:
    """The page of the money in suspense of that reference."""
    found = parked.visible_to(user).filter(reference__in={text, text.upper()}).first()
    return reverse("bills:suspense_item", args=(found.reference,)) if found else None
