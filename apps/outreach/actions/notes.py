"""Recording messages that people write by hand, outside the outbox: the gate counts them like any other."""

import datetime as dt

from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.customers.domain.contact import Channel
from apps.customers.models import ContactPoint, Customer
from apps.outreach.actions import decisions
from apps.outreach.domain.status import BY_HAND, MessageStatus
from apps.outreach.models import Message


def record(
    *,
    customer: Customer,
    channel: Channel,
    sent_at: dt.datetime,
    by: Actor,
    at: dt.datetime,
    contact_point: ContactPoint | None = None,
) -> Message:
    """Record a message that somebody wrote to the customer; refused where the gate says no, which the trail keeps.

    Without a contact point the best one for the channel is meant. What was written is not kept.
    """
    with audit.operation("outreach.record_message", by=by, at=at, on=customer) as op:
        decision, point = decisions.ask(
            customer=customer, channel=channel, contact_point=contact_point, when=sent_at, by=by, at=at
        )
        message = Message.objects.create(
            reference=f"{customer.reference}-{BY_HAND}-{decision.pk}",
            customer_id=customer.pk,
            purpose=BY_HAND,
            channel=channel,
            contact_point_id=point,
            decision=decision,
            status=MessageStatus.SENT,
            planned_at=sent_at,
            scheduled_at=sent_at,
            sent_at=sent_at,
        )
        op.sentence = f"Wrote to {customer.reference} by {channel}."
        op.detail = {"message": message.reference, "channel": channel}
    return message
