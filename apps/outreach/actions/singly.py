"""Queueing messages that are like no others: each routed and asked for by itself, read and written together."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection

from apps.core import sql
from apps.core.domain.actor import Actor
from apps.customers.domain.contact import Channel
from apps.outreach.actions import decisions
from apps.outreach.domain import gate, routing, texts
from apps.outreach.domain.contact import Contact, Past
from apps.outreach.domain.routing import Answer
from apps.outreach.domain.rules import Rule
from apps.outreach.domain.status import MessageStatus
from apps.outreach.domain.wanted import Planned, Wanted
from apps.outreach.queries import history, messages, people, rules, templates
from apps.outreach.queries.people import Person
from apps.outreach.queries.templates import Library

BATCH = 5_000  # contacts looked at together: bounds the memory

MESSAGE = (
    "reference, customer_id, purpose, channel, contact_point_id, template_id, decision_id, due_date, address, subject, "
    "body, status, planned_at, scheduled_at, attempts, provider, provider_reference, error"
)

Row = tuple[Any, ...]


@dataclass(slots=True)
class Desk:
    """What a batch is decided by, and what it wants written; the messages come without their decision's key."""

    rules: Sequence[Rule]
    hours: tuple[Rule, ...]
    library: Library
    at: dt.datetime
    answers: list[tuple[int, Answer]] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)  # the place of each message's decision
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A text written for one channel."""

    template: int
    subject: str
    body: str


def plan(*, wanted: Sequence[Wanted], by: Actor, at: dt.datetime) -> Planned:
    """The same as `outbox.plan`, message by message."""
    in_force, library = rules.in_force(at), templates.library()
    hours = gate.hours(in_force)
    total = Planned()
    for start in range(0, len(wanted), BATCH):
        part = _plan_batch(Desk(in_force, hours, library, at), wanted[start : start + BATCH], by)
        total = Planned(total.planned + part.planned, total.blocked + part.blocked, total.repeated + part.repeated)
    return total


def _plan_batch(desk: Desk, batch: Sequence[Wanted], by: Actor) -> Planned:
    channels = {channel for want in batch for channel in want.channels}
    known = people.of({want.customer for want in batch}, channels, desk.at)
    named = {want.reference(known[want.customer].reference): want for want in batch}
    there = messages.existing(list(named))
    past = history.of(known, desk.at, queued=True)
    for reference, want in named.items():
        if reference not in there:
            _plan_one(desk, reference, want, known[want.customer], past[want.customer])
    _write(desk, by)
    return Planned(desk.planned, len(desk.messages) - desk.planned, len(batch) - len(desk.messages))


def _plan_one(desk: Desk, reference: str, want: Wanted, person: Person, past: list[Past]) -> None:
    """Route one message and note it down; what it adds to a day counts for the customer's next one."""
    drafts: dict[Channel, Draft] = {}
    at = routing.moment(desk.hours, person.zone, desk.at, reference)
    answers = routing.route(desk.rules, _contacts(desk, want, person, drafts), past, at)
    place = len(answers) - 1 if answers[-1].decision.is_allowed else 0
    answer, point = answers[place], answers[place].contact.point
    draft = drafts[answer.contact.channel]
    if answer.decision.is_allowed:
        desk.planned += 1
        past.append(Past(answer.contact.channel, answer.at, point.id if point else None))
    desk.chosen.append(len(desk.answers) + place)
    desk.answers += [(person.id, one) for one in answers]
    desk.messages.append(
        (
            reference, person.id, want.purpose, answer.contact.channel.value, point.id if point else None,
            draft.template, want.due_date, person.addresses[point.id] if point else "", draft.subject, draft.body,
            (MessageStatus.PLANNED if answer.decision.is_allowed else MessageStatus.BLOCKED).value,
            desk.at, answer.at, 0, "", "", "",
        )
    )  # fmt: skip


def _contacts(desk: Desk, want: Wanted, person: Person, drafts: dict[Channel, Draft]) -> Iterator[Contact]:
    """The contacts possible in order of preference, each with its text, written only when the gate is asked for it."""
    values = texts.values(
        language=person.language,
        name=texts.NAME,
        lender=settings.LENDER_NAME,
        amount=want.amount,
        currency=want.currency,
        due_date=want.due_date,
        days=want.days_past_due,
    )
    for channel in want.channels:
        text = desk.library.text(want.template, channel, person.language)
        draft = Draft(text.template, texts.fill(text.subject, values), texts.fill(text.body, values))
        drafts[channel] = draft
        yield person.contact(channel, text=f"{draft.subject}\n{draft.body}")


def _write(desk: Desk, by: Actor) -> None:
    keys = decisions.keep_all(answers=desk.answers, by=by, at=desk.at)
    with connection.cursor() as cursor, sql.poured(cursor, "outreach_message", MESSAGE) as copy:
        for place, row in zip(desk.chosen, desk.messages, strict=True):
            copy.write_row((*row[:6], keys[place], *row[6:]))
