"""Sending what is due: one message, one transaction, the gate asked again, at least once under the same key."""

import datetime as dt
from collections.abc import Collection

from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.customers.domain.contact import Channel
from apps.outreach import registry
from apps.outreach.actions import decisions
from apps.outreach.domain.delivery import Delivered, Outgoing, Unavailable, Undeliverable, retry_at
from apps.outreach.domain.status import MessageStatus
from apps.outreach.models import Message
from apps.outreach.queries import gate, messages

LONGEST = 300  # characters of an error that are kept


def deliver_one(*, by: Actor, at: dt.datetime, without: Collection[Channel] = ()) -> Delivered | None:
    """Send the message that waits longest, or find that it may not go; None where nothing is due.

    A message that somebody else is sending, or whose customer somebody else is writing to, is passed over. If the
    process dies between sending and the end of the transaction, the message goes out again under the same reference.
    `without` names channels to leave alone, such as one whose provider does not answer.
    """
    with audit.operation("outreach.deliver", by=by, at=at) as op:
        message = _next(at, without)
        if message is None:
            op.nothing_happened = True
            return None
        op.on = message
        delivered = _deliver(message, by, at)
        message.save()
        op.sentence = f"{delivered.word} {message.reference}."
        op.detail = {"message": message.reference, "channel": message.channel, "status": message.status}
    return delivered


def _next(at: dt.datetime, without: Collection[Channel]) -> Message | None:
    """The next due message, locked with its customer, so that nobody else counts or contacts beside us."""
    due = messages.due(at).exclude(channel__in=list(without)).select_related("customer", "contact_point")
    return due.select_for_update(skip_locked=True, no_key=True, of=("self", "customer")).first()


def _deliver(message: Message, by: Actor, at: dt.datetime) -> Delivered:
    channel = Channel(message.channel)
    if not messages.is_still_wanted(message):
        message.status, message.error = MessageStatus.CANCELLED, "paid before it was sent"
        return Delivered(channel, "Cancelled", MessageStatus.CANCELLED)
    answer = gate.of_message(message, at)
    message.decision = decisions.keep(
        customer=message.customer, channel=channel, decision=answer.decision, when=at, by=by, at=at
    )
    if answer.is_allowed:
        return _send(message, channel, at)
    if answer.next_allowed_at is not None:
        message.scheduled_at = answer.next_allowed_at
        return Delivered(channel, "Deferred", MessageStatus.PLANNED)
    message.status = MessageStatus.BLOCKED
    return Delivered(channel, "Blocked", MessageStatus.BLOCKED)


def _send(message: Message, channel: Channel, at: dt.datetime) -> Delivered:
    message.attempts += 1
    outgoing = Outgoing(message.reference, channel, message.address, message.subject, message.body)
    try:
        provider = registry.provider_of(channel)
        message.provider = provider.name
        message.provider_reference = provider.send(outgoing)
    except Undeliverable as problem:
        return _failed(message, channel, str(problem))
    except Unavailable as problem:
        again = retry_at(message.attempts, at)
        if again is None:
            return _failed(message, channel, str(problem))
        message.scheduled_at, message.error = again, str(problem)[:LONGEST]
        return Delivered(channel, "Could not send", MessageStatus.PLANNED, is_unavailable=True)
    message.status, message.sent_at, message.error = MessageStatus.SENT, at, ""
    return Delivered(channel, "Sent", MessageStatus.SENT)


def _failed(message: Message, channel: Channel, problem: str) -> Delivered:
    message.status, message.error = MessageStatus.FAILED, problem[:LONGEST]
    return Delivered(channel, "Failed to send", MessageStatus.FAILED)
