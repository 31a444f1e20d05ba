"""Keeping what the gate said: to one contact that somebody makes, or to a batch of them."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.domain.contact import Channel
from apps.customers.models import ContactPoint, Customer
from apps.outreach.domain.routing import Answer
from apps.outreach.models import GateDecision
from apps.outreach.queries import gate
from apps.outreach.queries.gate import Explanation

NEXT = "SELECT nextval(pg_get_serial_sequence('outreach_gatedecision', 'id')) FROM generate_series(1, %s)"
COLUMNS = "id, customer_id, channel, planned_at, decided_at, is_allowed, reasons, counters, rules"


def ask(
    *,
    customer: Customer,
    channel: Channel,
    contact_point: ContactPoint | None,
    when: dt.datetime,
    by: Actor,
    at: dt.datetime,
) -> tuple[GateDecision, int | None]:
    """The gate's yes to a contact made by a person, kept, and the contact point that was meant; refused on a no.

    Part of the caller's transaction and of its audit operation. The customer is locked until its end, so that nobody
    else counts beside us.
    """
    locked = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if contact_point is not None and contact_point.customer_id != locked.pk:
        raise Refused(_("This number belongs to another customer."), code="contact_point_foreign")
    answer = gate.explain(locked, channel, when, contact_point)
    if not answer.is_allowed:
        raise Refused(_why_not(channel, answer), code=f"gate_{answer.reasons[0].replace('-', '_')}")
    reasons, counters, rules = answer.decision.words()
    kept = GateDecision.objects.create(
        customer=locked,
        channel=channel,
        planned_at=when,
        decided_at=at,
        is_allowed=True,
        reasons=reasons,
        counters=counters,
        rules=rules,
    )
    return kept, answer.point


def keep_all(*, answers: Sequence[tuple[int, Answer]], by: Actor, at: dt.datetime) -> list[int]:
    """Store what the gate answered about these customers; the decisions' keys in order.

    Part of the caller's transaction and of its audit operation.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [len(answers)])
        keys = [key for (key,) in cursor.fetchall()]
        with sql.poured(cursor, "outreach_gatedecision", COLUMNS) as copy:
            for key, (customer, answer) in zip(keys, answers, strict=True):
                decision = answer.decision
                channel = answer.contact.channel.value
                copy.write_row((key, customer, channel, answer.at, at, decision.is_allowed, *decision.words()))
    return keys


def _why_not(channel: Channel, answer: Explanation) -> str:
    reasons = " ".join(answer.sentences)
    return (
        _("The customer may not be called: %(reasons)s") % {"reasons": reasons} if channel == Channel.CALL else reasons
    )
