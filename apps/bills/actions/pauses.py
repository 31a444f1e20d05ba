"""Pauses: begun, ended early, taken back; what they change in the past is played again."""

import datetime as dt

from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.domain.pauses import PauseReason, Span
from apps.bills.models import Pause
from apps.bills.queries import pauses as queries
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer


def begin(
    *,
    customer: Customer,
    reason: PauseReason,
    start_date: dt.date,
    end_date: dt.date | None = None,
    note: str = "",
    by: Actor,
    at: dt.datetime,
) -> Pause:
    """Let the customer's account stand still from a day on, in the past too; two pauses share no day."""
    with audit.operation("bills.begin_pause", by=by, at=at, on=customer, reason=reason) as op:
        span = _span(start_date, end_date)
        posting.lock(customers=[customer.pk], by=by, at=at)
        if other := queries.overlapping(customer, span):
            words = {"reference": other.reference, "days": queries.days_of(other.span)}
            raise Refused(_("Pause %(reference)s holds %(days)s already; pauses share no day.") % words, code="overlap")
        pause = Pause.objects.create(
            reference=f"PS-{customer.reference}-{1 + customer.pauses.count()}",
            customer=customer,
            reason=reason,
            start_date=start_date,
            end_date=end_date,
            note=note.strip(),
            begun_at=at,
            begun_by=by.actor_id,
        )
        posting.post(customers=[customer.pk], changed_from=start_date, by=by, at=at)
        op.on = pause
        op.sentence = f"Paused {customer.reference} {_written(span)} ({reason}) as {pause.reference}."
    return pause


def end(*, pause: Pause, end_date: dt.date, by: Actor, at: dt.datetime) -> Pause:
    """Let the days count again from a day on, earlier than was agreed."""
    with audit.operation("bills.end_pause", by=by, at=at, on=pause) as op:
        current = _current(pause, by, at)
        words = {"reference": current.reference, "date": end_date, "start": current.start_date, "end": current.end_date}
        if end_date <= current.start_date:
            sentence = _("%(date)s is not after the start %(start)s; take %(reference)s back instead.")
            raise Refused(sentence % words, code="end_before_start")
        if current.end_date is not None and end_date >= current.end_date:
            raise Refused(_("Pause %(reference)s ends on %(end)s, not after %(date)s.") % words, code="not_earlier")
        current.end_date, current.ended_at, current.ended_by = end_date, at, by.actor_id
        current.save(update_fields=["end_date", "ended_at", "ended_by"])
        posting.post(customers=[current.customer_id], changed_from=current.start_date, by=by, at=at)
        op.sentence = f"Pause {current.reference} ends on {end_date}."
    return current


def cancel(*, pause: Pause, reason: str, by: Actor, at: dt.datetime) -> Pause:
    """Take a pause back as if it had never been."""
    with audit.operation("bills.cancel_pause", by=by, at=at, on=pause, reason=reason) as op:
        if not reason.strip():
            raise Refused(_("Taking a pause back needs a reason."), code="reason_missing")
        current = _current(pause, by, at)
        current.cancelled_at, current.cancelled_by = at, by.actor_id
        current.save(update_fields=["cancelled_at", "cancelled_by"])
        posting.post(customers=[current.customer_id], changed_from=current.start_date, by=by, at=at)
        op.sentence = f"Took pause {current.reference} back: {reason}"
    return current


def _span(start_date: dt.date, end_date: dt.date | None) -> Span:
    if end_date is not None and end_date <= start_date:
        words = {"start": start_date, "end": end_date}
        raise Refused(_("A pause that starts on %(start)s cannot end on %(end)s.") % words, code="end_before_start")
    return Span(start_date, end_date)


def _current(pause: Pause, by: Actor, at: dt.datetime) -> Pause:
    posting.lock(customers=[pause.customer_id], by=by, at=at)
    current = Pause.objects.get(pk=pause.pk)
    if current.cancelled_at is not None:
        raise Refused(_("Pause %(reference)s was taken back.") % {"reference": current.reference}, code="cancelled")
    return current


def _written(span: Span) -> str:
    return f"from {span.start_date}" + (f" until {span.end_date}" if span.end_date else "")
