"""Every question about people."""

from django.db.models import Q, QuerySet

from apps.access.models import User
from apps.customers.models import Customer
from apps.customers.queries import names, walls


def visible_to(user: User) -> QuerySet[Customer]:
    """The customers that somebody may see: their slice of the book, or what is placed with their agency."""
    return walls.seen(Customer.objects.all(), user, "pk")


def matching(customers: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Those whose reference begins with the text, whose name holds it, or who have just this number or address."""
    text = text.strip()
    if not text:
        return customers
    by_reference = Q(reference__startswith=text) | Q(reference__startswith=text.upper())
    return customers.filter(by_reference | Q(pk__in=[*names.known_by(text), *names.named(customers, text)]))
