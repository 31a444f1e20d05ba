"""Customers by what is personal of them: a part of the name, a number, an address, an account.

The database compares keyed digests. Those of pieces of names are so short that others share them, so whoever is found
by them is looked at once more when the name is open.
"""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from apps.customers.domain import likeness
from apps.customers.domain.contact import ContactKind
from apps.customers.models import ContactPoint, Customer
from apps.customers.models.keyring import ring
from apps.customers.models.people import contact_index, identity_index

LOOKED_AT = 10_000  # customers whose names are opened for one search
LIKE = 500  # the same for the names that are like a payer's
LEAST = 30  # percent that names have in common to be called like
LIKEST = 50


def named(customers: QuerySet[Customer], text: str) -> list[int]:
    """The keys of the customers whose name holds the text, in any case."""
    wanted = [ring().gram(piece) for piece in likeness.pieces(text)]
    if not wanted:
        return []
    found = customers.filter(name_grams__contains=wanted).select_related(None).order_by("pk").only("reference", "name")
    sought = likeness.name(text)
    return [customer.pk for customer in found[:LOOKED_AT] if sought in likeness.name(customer.name.clear)]


def known_by(text: str) -> list[int]:
    """The keys of the customers with just this telephone number, address, account or identity document."""
    digests = [contact_index(kind, text) for kind in ContactKind]
    points = ContactPoint.objects.filter(value_index__in=digests).values_list("customer_id", flat=True)
    return [*points, *Customer.objects.filter(identity_index=identity_index(text)).values_list("pk", flat=True)]


def like(text: str) -> list[int]:
    """The keys of the customers whose name shares a word with the text, those whose name is likest first."""
    words = [[ring().gram(piece) for piece in word] for word in likeness.sought(text)]
    if not words:
        return []
    shares = reduce(or_, (Q(name_grams__contains=word) for word in words))
    found = Customer.objects.filter(shares).order_by("pk").only("reference", "name")[:LIKE]
    shared = [(likeness.likeness(text, customer.name.clear), customer.pk) for customer in found]
    likest = sorted((pair for pair in shared if pair[0] >= LEAST), key=lambda pair: (-pair[0], pair[1]))
    return [key for _, key in likest[:LIKEST]]
