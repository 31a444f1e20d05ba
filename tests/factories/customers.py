"""Customers and their contact points."""

import datetime as dt
from itertools import count
from typing import Any

from apps.customers.domain.contact import ContactKind
from apps.customers.models import ContactPoint, Customer

SINCE = dt.date(2020, 1, 1)
numbers = count(1)


def customer(**changes: Any) -> Customer:
    """A customer who cannot be reached yet."""
    number = next(numbers)
    fields = {"reference": f"C-{number:06}", "name": f"Customer {number}", "joined_date": SINCE} | changes
    return Customer.objects.create(**fields)


def contact_point(of: Customer, kind: ContactKind = ContactKind.PHONE, **changes: Any) -> ContactPoint:
    """A contact point with consent."""
    fields = {"value": f"{kind}-{next(numbers)}@customers.example", "consented_date": SINCE} | changes
    return ContactPoint.objects.create(customer=of, kind=kind, **fields)


def reachable(**changes: Any) -> Customer:
    """A customer who can be reached in every way."""
    made = customer(**changes)
    for kind in ContactKind:
        contact_point(made, kind)
    return made
