"""Customers and their contact points."""

import datetime as dt
from itertools import count
from typing import Any

from apps.audit import actions as audit
from apps.core.domain.actor import System
from apps.credit.models import CreditLine
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


def line(of: Customer, *, reference: str = "L-1", limit: str = "5000.00") -> CreditLine:
    """A credit line as an import brings it: nothing else opens one without an approval."""
    at = dt.datetime(2026, 1, 1, 4, tzinfo=dt.UTC)
    with audit.operation("portfolio.import", by=System("tests"), at=at) as op:
        op.sentence = "Imported a credit line."
        return CreditLine.objects.create(
            reference=reference, customer=of, currency="CNY", limit=limit, opened_date=at.date()
        )


def reachable(**changes: Any) -> Customer:
    """A customer who can be reached in every way."""
    made = customer(**changes)
    for kind in ContactKind:
        contact_point(made, kind)
    return made
