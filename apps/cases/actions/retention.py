"""Emptying what we keep of a person, as a part of the erasure that was agreed to."""

import datetime as dt

from apps.audit import actions as audit
from apps.cases.models import Complaint
from apps.core.domain.actor import Actor
from apps.customers.models import Customer


def clear(customer: Customer, *, by: Actor, at: dt.datetime) -> int:
    """Empty what was said in complaints; that there was one, when and what came of it, stays. Returns how many rows."""
    with audit.operation("cases.clear_personal", by=by, at=at, on=customer) as op:
        rows = Complaint.objects.filter(customer=customer).update(text="", answer="", remedy="")
        op.sentence, op.nothing_happened = f"Emptied {rows} complaints of {customer.reference}.", not rows
    return rows
