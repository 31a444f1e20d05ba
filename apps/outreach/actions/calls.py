"""Recording telephone calls, which the gate counts."""

import datetime as dt

from django.utils.translation import gettext as _

from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.customers.domain.contact import Channel
from apps.customers.models import ContactPoint, Customer
from apps.outreach.actions import decisions
from apps.outreach.models import CallAttempt
from apps.outreach.queries import gate
from apps.outreach.queries.gate import Explanation


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
        locked = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # nobody else counts beside us
        if contact_point is not None and contact_point.customer_id != locked.pk:
            raise Refused(_("This number belongs to another customer."), code="contact_point_foreign")
        answer = gate.explain(locked, Channel.CALL, called_at, contact_point)
        if not answer.is_allowed:
            raise Refused(_why_not(answer), code=f"gate_{answer.reasons[0].replace('-', '_')}")
        decision = decisions.keep(
            customer=locked, channel=Channel.CALL, decision=answer.decision, when=called_at, by=by, at=at
        )
        call = CallAttempt.objects.create(
            customer=locked,
            contact_point_id=answer.point,
            decision=decision,
            called_at=called_at,
            called_by=by.actor_id,
            was_connected=was_connected,
        )
        op.sentence = f"Called {locked.reference}: {'answered' if was_connected else 'not answered'}."
        op.detail = {"call": call.pk, "was_connected": was_connected}
    return call


def _why_not(answer: Explanation) -> str:
    return _("The customer may not be called: %(reasons)s") % {"reasons": " ".join(answer.sentences)}
