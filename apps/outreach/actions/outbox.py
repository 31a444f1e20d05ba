"""Queueing messages: many customers at once, each through the gate, nothing twice."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from apps.core.domain.actor import Actor
from apps.customers.domain.contact import Channel
from apps.outreach.domain import routing, texts
from apps.outreach.domain.contact import Contact, Past
from apps.outreach.domain.routing import Answer
from apps.outreach.domain.rules import Rule
from apps.outreach.domain.status import MessageStatus
from apps.outreach.domain.wanted import Planned, Wanted
from apps.outreach.models import GateDecision, Message
from apps.outreach.queries import history, people, rules, templates
from apps.outreach.queries.people import Person
from apps.outreach.queries.templates import Library

BATCH = 5_000  # contacts looked at together: bounds the memory


@dataclass(slots=True)
class Desk:
    """What a batch is decided by, and what it wants written."""

    rules: Sequence[Rule]
    library: Library
    at: dt.datetime
    decisions: list[GateDecision] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Draft:
    """A text written for one channel."""

    template: int
    subject: str
    body: str


def plan(*, wanted: Sequence[Wanted], by: Actor, at: dt.datetime) -> Planned:
    """Queue these messages for the next moments allowed after `at`, or keep why they are blocked.

    Part of the caller's transaction and of its audit operation. Idempotent: a message that is there already stays as
    it is. Refused where a text does not exist or names what is not known.
    """
    in_force, library = rules.in_force(at), templates.library()
    total = Planned()
    for start in range(0, len(wanted), BATCH):
        part = _plan_batch(Desk(in_force, library, at), wanted[start : start + BATCH])
        total = Planned(total.planned + part.planned, total.blocked + part.blocked, total.repeated + part.repeated)
    return total


def _plan_batch(desk: Desk, batch: Sequence[Wanted]) -> Planned:
    known = people.of({want.customer for want in batch})
    named = {want.reference(known[want.customer].reference): want for want in batch}
    there = set(Message.objects.filter(reference__in=list(named)).values_list("reference", flat=True))
    past = history.of(known, desk.at, queued=True)
    for reference, want in named.items():
        if reference not in there:
            _plan_one(desk, reference, want, known[want.customer], past[want.customer])
    GateDecision.objects.bulk_create(desk.decisions, batch_size=BATCH)
    Message.objects.bulk_create(desk.messages, batch_size=BATCH)
    planned = sum(message.status == MessageStatus.PLANNED for message in desk.messages)
    return Planned(planned, len(desk.messages) - planned, len(batch) - len(desk.messages))


def _plan_one(desk: Desk, reference: str, want: Wanted, person: Person, past: list[Past]) -> None:
    """Route one message and note it down; what it adds to a day counts for the customer's next one."""
    drafts: dict[Channel, Draft] = {}
    answers = routing.route(desk.rules, _contacts(desk, want, person, drafts), past, desk.at, reference)
    decisions = [_decision(person, answer, desk.at) for answer in answers]
    chosen = len(answers) - 1 if answers[-1].decision.is_allowed else 0
    answer, point = answers[chosen], answers[chosen].contact.point
    draft = drafts[answer.contact.channel]
    if answer.decision.is_allowed:
        past.append(Past(answer.contact.channel, answer.at, point.id if point else None))
    desk.decisions += decisions
    desk.messages.append(
        Message(
            reference=reference,
            customer_id=person.id,
            purpose=want.purpose,
            channel=answer.contact.channel,
            contact_point_id=point.id if point else None,
            template_id=draft.template,
            decision=decisions[chosen],
            due_date=want.due_date,
            address=person.addresses[point.id] if point else "",
            subject=draft.subject,
            body=draft.body,
            status=MessageStatus.PLANNED if answer.decision.is_allowed else MessageStatus.BLOCKED,
            planned_at=desk.at,
            scheduled_at=answer.at,
        )
    )


def _contacts(desk: Desk, want: Wanted, person: Person, drafts: dict[Channel, Draft]) -> Iterator[Contact]:
    """The contacts possible in order of preference, each with its text, written only when the gate is asked for it."""
    values = texts.values(
        language=person.language,
        name=person.name,
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


def _decision(person: Person, answer: Answer, at: dt.datetime) -> GateDecision:
    return GateDecision(
        customer_id=person.id,
        channel=answer.contact.channel,
        planned_at=answer.at,
        decided_at=at,
        is_allowed=answer.decision.is_allowed,
        reasons=list(answer.decision.reasons),
        counters=dict(answer.decision.counters),
        rules=list(answer.decision.rules),
    )
