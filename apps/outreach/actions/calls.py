"""Recording telephone calls, which the gate counts."""

import datetime as dt

from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.customers.domain.contact import Channel
from apps.customers.models import ContactPoint, Customer
from apps.outreach.actions import decisions
from apps.outreach.models import CallAttempt


def record(
    *,
    customer: Customer,
    was_connected: bool,
    called_at: dt.datetime,
    by: Actor,
    at: dt.datetime,
    contact_point: ContactPoint | None = None,
) -> CallAttempt:
    """Record a call to the customer; refused where the gate says no, which the trail keeps.

    Without a contact point the best number of the customer is meant.
    """
    with audit.operation("outreach.record_call", by=by, at=at, on=customer) as op:
        decision, point = decisions.ask(
            customer=customer, channel=Channel.CALL, contact_point=contact_point, when=called_at, by=by, at=at
        )
        call = CallAttempt.objects.create(
            customer_id=customer.pk,
            contact_point_id=point,
            decision=decision,
            called_at=called_at,
            called_by=by.actor_id,
            was_connected=was_connected,
        )
        op.sentence = f"Called {customer.reference}: {'answered' if was_connected else 'not answered'}."
        op.detail = {"call": call.pk, "was_connected": was_connected}
    return call
