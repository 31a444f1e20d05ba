"""Emptying what we keep of a person, as a part of the erasure that was agreed to."""

import datetime as dt

from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.customers.models import Customer
from apps.outreach.models import Message


def clear(customer: Customer, *, by: Actor, at: dt.datetime) -> int:
    """Empty addresses and texts; that there was a message, when and why, stays. Returns how many rows."""
    with audit.operation("outreach.clear_personal", by=by, at=at, on=customer) as op:
        rows = Message.objects.filter(customer=customer).update(address="", subject="", body="")
        op.sentence, op.nothing_happened = f"Emptied {rows} messages to {customer.reference}.", not rows
    return rows
