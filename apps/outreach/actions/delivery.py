"""Sending what is due: a batch of a channel, one transaction, the gate asked again, at least once under one key."""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db import connection

from apps.audit import actions as audit
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.customers.domain.contact import Channel
from apps.customers.models.keyring import unseal
from apps.customers.models.people import CONTACT, NAME
from apps.customers.models.sealed import purpose
from apps.outreach import registry
from apps.outreach.actions import decisions
from apps.outreach.domain import delivery, texts
from apps.outreach.domain.contact import Contact, Past, Point
from apps.outreach.domain.delivery import Batch, Outgoing, Result, Unavailable, Waiting
from apps.outreach.domain.routing import Answer
from apps.outreach.domain.rules import Rule
from apps.outreach.domain.status import MessageStatus
from apps.outreach.queries import history, messages, people, rules

SECONDS = 5.0  # for which a batch holds its customers: what has not had its turn by then is left to the next one


@dataclass(slots=True)
class Desk:
    """What a batch is decided by, and what became of its messages."""

    channel: Channel
    at: dt.datetime
    until: float
    rules: Sequence[Rule]
    past: dict[int, list[Past]]
    owed_since: Mapping[int, dt.date]
    stops: Mapping[int, tuple[Rule, ...]]
    results: list[Result] = field(default_factory=list)
    is_unavailable: bool = False

    def is_over(self) -> bool:
        """Whether the rest is for the next batch."""
        return self.is_unavailable or time.monotonic() > self.until


def deliver(
    *, channel: Channel, by: Actor, at: dt.datetime, limit: int | None = None, seconds: float = SECONDS
) -> Batch:
    """Send the messages of a channel that wait longest, or find that they may not go; an empty batch if nothing is due.

    Messages that somebody else is sending, and those whose customer somebody else is contacting, are passed over. If
    the process dies before the end of the transaction, they go out again under the same references. A provider that
    does not answer ends the batch: its messages are tried again later, only the one tried counts an attempt. After
    `seconds` the batch ends with what it did.
    """
    until = time.monotonic() + seconds
    with audit.operation("outreach.deliver", by=by, at=at) as op:
        waiting = _claim(channel, at, limit or settings.OUTBOX_BATCH)
        if not waiting:
            op.nothing_happened = True
            return Batch()
        customers = {message.customer for message in waiting}
        past, owed = history.of(customers, at, queued=False), messages.owed_since(customers)
        desk = Desk(channel, at, until, rules.in_force(at), past, owed, registry.stops_of(customers, at))
        for turn in delivery.turns(waiting):
            _take_turn(desk, turn)
            if desk.is_over():
                break
        _write(desk, by)
        ended = delivery.summary(desk.results)
        op.sentence = f"Delivered by {channel}: {', '.join(f'{count} {word}' for word, count in ended.items())}."
        op.detail = {"channel": channel, "messages": len(desk.results), **ended}
    return Batch(ended, desk.is_unavailable)


def _claim(channel: Channel, at: dt.datetime, limit: int) -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("outreach", "claim"), {"channel": channel.value, "at": at, "limit": limit})
        return [_waiting(channel, row) for row in cursor]


def _waiting(channel: Channel, row: tuple[Any, ...]) -> Waiting:
    """A row of the claim; an address that was given up or changed since is no contact point any more."""
    pk, reference, customer, sealed, subject, body, due_date, planned_at, attempts, zone, person, name, *point = row
    key, value, is_valid, consented_date = point
    where = purpose(CONTACT, customer)
    address = unseal(sealed, where)
    there = value is not None and (value == sealed or unseal(value, where) == address)
    found = Point(key, is_valid, consented_date) if there else None
    contact = Contact(channel, people.zone(zone), found, f"{subject}\n{body}", planned_at)
    clear = unseal(name, purpose(NAME, person)) if texts.NAME in subject + body else ""
    if texts.LINK in body:
        body = body.replace(texts.LINK, registry.link_in(reference))
    outgoing = Outgoing(reference, channel, address, texts.named(subject, clear), texts.named(body, clear))
    return Waiting(pk, customer, outgoing, contact, due_date, attempts)


def _take_turn(desk: Desk, turn: Sequence[Waiting]) -> None:
    allowed: list[tuple[Waiting, Answer]] = []
    for message in turn:
        if not delivery.is_wanted(message, desk.owed_since.get(message.customer)):
            desk.results.append(delivery.cancelled(message))
            continue
        past = desk.past.get(message.customer, [])
        contact = replace(message.contact, stops=desk.stops.get(message.customer, ()))
        answer = delivery.ask(desk.rules, contact, past, desk.at)
        if answer.decision.is_allowed:
            allowed.append((message, answer))
        else:
            desk.results.append(delivery.denied(desk.rules, message, answer, past))
    if allowed:
        _send(desk, allowed)


def _send(desk: Desk, allowed: Sequence[tuple[Waiting, Answer]]) -> None:
    """Hand the messages to the provider until it is done, does not answer, or the batch's time is over."""
    name, sent = None, 0
    try:
        provider = registry.provider_of(desk.channel)
        name = provider.name
        with closing(provider.send([message.outgoing for message, _ in allowed])) as receipts:
            for (message, answer), receipt in zip(allowed, receipts, strict=False):
                sent += 1
                result = delivery.received(message, answer, receipt, name, desk.at)
                desk.results.append(result)
                if result.status is MessageStatus.SENT:
                    point = message.contact.point
                    desk.past[message.customer].append(Past(desk.channel, desk.at, point.id if point else None))
                if desk.is_over():
                    break
    except Unavailable as problem:
        desk.is_unavailable = True
        (message, answer), *rest = allowed[sent:]
        tried = delivery.received(message, answer, problem, name, desk.at)
        desk.results += [tried, *(delivery.postponed(other, tried, desk.at) for other, _ in rest)]


def _write(desk: Desk, by: Actor) -> None:
    asked = [(one.waiting.customer, one.answer) for one in desk.results if one.answer is not None]
    keys = iter(decisions.keep_all(answers=asked, by=by, at=desk.at))
    rows = [_row(one, next(keys) if one.answer is not None else None, desk.at) for one in desk.results]
    with connection.cursor() as cursor:
        cursor.execute(sql.load("outreach", "deliver"), [list(column) for column in zip(*rows, strict=True)])


def _row(result: Result, decision: int | None, at: dt.datetime) -> tuple[Any, ...]:
    return (
        result.waiting.id, decision, result.status.value, result.scheduled_at,
        at if result.status is MessageStatus.SENT else None,
        result.attempts, result.provider, result.provider_reference, result.error,
    )  # fmt: skip
