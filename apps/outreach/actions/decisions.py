"""Keeping what the gate said to one contact."""

import datetime as dt

from apps.core.domain.actor import Actor
from apps.customers.domain.contact import Channel
from apps.customers.models import Customer
from apps.outreach.domain.gate import Decision
from apps.outreach.models import GateDecision


def keep(
    *, customer: Customer, channel: Channel, decision: Decision, when: dt.datetime, by: Actor, at: dt.datetime
) -> GateDecision:
    """Store the gate's answer; part of the caller's transaction and of its audit operation."""
    reasons, counters, rules = decision.words()
    return GateDecision.objects.create(
        customer=customer,
        channel=channel,
        planned_at=when,
        decided_at=at,
        is_allowed=decision.is_allowed,
        reasons=reasons,
        counters=counters,
        rules=rules,
    )
