"""Asking the gate about one contact: may it happen then, why not, and when next? Writes nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from apps.customers.domain.contact import Channel
from apps.customers.models import ContactPoint, Customer
from apps.outreach import registry
from apps.outreach.domain import gate
from apps.outreach.domain.contact import Contact, Point
from apps.outreach.domain.gate import Decision
from apps.outreach.queries import history, people, rules, wording


@dataclass(frozen=True, slots=True)
class Explanation:
    """The gate's answer as people read it; `next_allowed_at` is None where waiting does not help."""

    is_allowed: bool
    reasons: tuple[str, ...]
    sentences: tuple[str, ...]
    next_allowed_at: dt.datetime | None
    counters: Mapping[str, int]
    rules: tuple[str, ...]
    decision: Decision
    point: int | None  # the contact point that was meant


def explain(
    customer: Customer, channel: Channel, when: dt.datetime, contact_point: ContactPoint | None = None
) -> Explanation:
    """Whether the customer may be contacted then, at the contact point given or else at the best one."""
    contact = _contact(customer, channel, contact_point, when)
    in_force, past = rules.in_force(when), history.of([customer.pk], when, queued=True)[customer.pk]
    decision = gate.decide(in_force, contact, past, when)
    return Explanation(
        is_allowed=decision.is_allowed,
        reasons=decision.reasons,
        sentences=wording.sentences(decision.reasons),
        next_allowed_at=when if decision.is_allowed else gate.next_allowed(in_force, contact, past, when),
        counters=decision.counters,
        rules=decision.rules,
        decision=decision,
        point=contact.point.id if contact.point else None,
    )


def _contact(customer: Customer, channel: Channel, contact_point: ContactPoint | None, when: dt.datetime) -> Contact:
    if contact_point is None:
        return people.of([customer.pk], [channel], when)[customer.pk].contact(channel)
    point = Point(contact_point.pk, contact_point.is_valid, contact_point.consented_date)
    stops = registry.stops_of([customer.pk], when).get(customer.pk, ())
    return Contact(channel, people.zone(customer.time_zone), point, stops=stops)
