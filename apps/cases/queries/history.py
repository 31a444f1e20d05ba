"""What happened in a case, told from what is stored: moves, tasks, contacts, promises, messages and approvals."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from apps.access.domain.approval import RequestStatus
from apps.access.models import User
from apps.access.queries import approvals
from apps.access.queries import wording as access
from apps.cases.domain.holds import HoldStatus
from apps.cases.domain.status import PromiseStatus, TaskStatus
from apps.cases.models import ArrangementMove, Case, Contact, PromiseMove
from apps.cases.queries import complaints, disputes, holds
from apps.core import registry
from apps.core.domain.dates import closing_moment
from apps.core.domain.money import ZERO
from apps.outreach.domain.status import BY_HAND
from apps.outreach.models import Message

LIMIT = 100  # of each kind, the latest
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history; `kind` is what it is about."""

    at: dt.datetime
    kind: str
    text: str
    who: str = ""
    note: str = ""
    tone: str = "neutral"


def of(case: Case, user: User) -> list[Event]:
    """The whole history as this user may see it, the latest first."""
    found = [
        *_moves(case),
        *_tasks(case),
        *_contacts(case),
        *_judged(case),
        *_messages(case),
        *_approvals(case, user),
        *_complaints(case, user),
        *_holds(case, user),
        *_disputes(case, user),
        *_arranged(case),
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _word(kind: str, value: str) -> str:
    return str(registry.word(kind, value).label)


def _end_of(day: dt.date) -> dt.datetime:
    """The last second of a business day: what the close of the day decided."""
    return closing_moment(day, ZoneInfo(settings.TIME_ZONE)) - SECOND


def _moves(case: Case) -> Iterator[Event]:
    for move in case.moves.order_by("-moved_date", "-pk")[:LIMIT]:
        words = {"stage": _word("stage", move.to_stage), "days": move.days_past_due}
        if not move.to_stage:
            reason = registry.word("close_reason", case.close_reason)
            text, tone = _("Case closed: %(reason)s") % {"reason": reason.label}, reason.tone
        elif not move.from_stage:
            text, tone = _("Case opened at %(days)s days past due: %(stage)s") % words, "info"
        else:
            text, tone = _("Moved to %(stage)s at %(days)s days past due") % words, "warning"
        yield Event(_end_of(move.moved_date), "stage", text, tone=tone)


def _tasks(case: Case) -> Iterator[Event]:
    spoken = Exists(Contact.objects.filter(task=OuterRef("pk")))  # then the contact itself tells it
    for task in case.tasks.annotate(spoken=spoken).order_by("-pk")[:LIMIT]:
        words = {"step": _word("stage", task.step), "date": task.due_date, "status": _word("task", task.status)}
        if task.status == TaskStatus.OPEN:
            yield Event(task.created_at, "task", _("Task for %(date)s: %(step)s") % words, tone="info")
        elif task.status == TaskStatus.LAPSED:
            yield Event(_end_of(task.due_date), "task", _("Task of %(date)s lapsed: %(step)s") % words, tone="warning")
        elif task.status == TaskStatus.DONE and not task.spoken:
            yield Event(task.done_at or task.created_at, "task", _("Task of %(date)s done: %(step)s") % words)


def _contacts(case: Case) -> Iterator[Event]:
    contacts = case.contacts.select_related("recorded_by", "promise").order_by("-pk")
    for contact in contacts[:LIMIT]:
        word = registry.word("outcome", contact.outcome)
        words = {"channel": _word("channel", contact.channel), "outcome": word.label}
        text = _("%(channel)s: %(outcome)s") % words
        if promise := getattr(contact, "promise", None):
            promised = {"amount": f"{promise.amount:,.2f}", "date": promise.promised_date}
            text += " · " + _("%(amount)s by %(date)s") % promised
        yield Event(contact.contacted_at, "contact", text, contact.recorded_by.name, contact.note.clear, word.tone)


def _judged(case: Case) -> Iterator[Event]:
    for promise in case.promises.filter(judged_date__isnull=False).order_by("-pk")[:LIMIT]:
        words = {"amount": f"{promise.amount:,.2f}", "received": f"{promise.received or ZERO:,.2f}"}
        kept = promise.status == PromiseStatus.KEPT
        text = _("Promise of %(amount)s kept") if kept else _("Promise of %(amount)s broken: %(received)s received")
        if promise.judged_date:
            yield Event(_end_of(promise.judged_date), "promise", text % words, tone="good" if kept else "bad")

    again = PromiseMove.objects.filter(promise__case=case).select_related("promise").order_by("-pk")
    for move in again[:LIMIT]:
        words = {
            "amount": f"{move.promise.amount:,.2f}",
            "before": _word("promise", move.from_status),
            "now": _word("promise", move.to_status),
            "received": f"{move.received:,.2f}",
        }
        text = _("Promise of %(amount)s judged again: %(before)s, now %(now)s, %(received)s received") % words
        yield Event(_end_of(move.moved_date), "promise", text, tone=registry.word("promise", move.to_status).tone)


def _complaints(case: Case, user: User) -> Iterator[Event]:
    for complaint in complaints.of_customer(case.customer, user).filter(case=case)[:LIMIT]:
        words = {"reference": complaint.reference, "topic": _word("topic", complaint.topic)}
        text = _("Complaint %(reference)s: %(topic)s") % words
        yield Event(complaint.recorded_at, "complaint", text, complaint.recorded_by.name, tone="warning")


def _holds(case: Case, user: User) -> Iterator[Event]:
    for hold in holds.visible_to(user).filter(case=case).order_by("-pk")[:LIMIT]:
        words = {"reference": hold.reference, "kind": _word("hold_kind", hold.kind)}
        placed = _("Hold %(reference)s placed: %(kind)s") % words
        yield Event(hold.placed_at, "hold", placed, note=hold.reason, tone="warning")
        if hold.ended_at:
            lifted = hold.status == HoldStatus.LIFTED
            over = _("Hold %(reference)s lifted: %(kind)s") if lifted else _("Hold %(reference)s ran out: %(kind)s")
            yield Event(hold.ended_at, "hold", over % words, note=hold.end_reason)


def _disputes(case: Case, user: User) -> Iterator[Event]:
    for dispute in disputes.visible_to(user).filter(case=case).order_by("-pk")[:LIMIT]:
        words = {"reference": dispute.reference, "ground": _word("ground", dispute.ground)}
        text = _("Dispute %(reference)s: %(ground)s") % words
        yield Event(dispute.recorded_at, "dispute", text, dispute.recorded_by.name, tone="warning")


def _arranged(case: Case) -> Iterator[Event]:
    found = ArrangementMove.objects.filter(arrangement__case=case).select_related("arrangement").order_by("-pk")
    for move in found[:LIMIT]:
        word = registry.word("arrangement", move.to_status)
        words = {
            "reference": move.arrangement.reference,
            "kind": _word("arrangement_kind", move.arrangement.kind),
            "status": word.label,
        }
        text = _("%(kind)s %(reference)s: %(status)s") % words
        yield Event(move.moved_at, "arrangement", text, tone=word.tone)


def _messages(case: Case) -> Iterator[Event]:
    since = _end_of(case.opened_date) - dt.timedelta(1)
    sent = Message.objects.filter(customer=case.customer_id, planned_at__gte=since).exclude(purpose=BY_HAND)
    for message in sent.order_by("-pk")[:LIMIT]:  # what was written by hand is there as a contact
        status = registry.word("message", message.status)
        words = {
            "channel": _word("channel", message.channel),
            "purpose": _word("stage", message.purpose),
            "status": status.label,
        }
        at = message.sent_at or message.planned_at
        yield Event(at, "message", _("%(channel)s, %(purpose)s: %(status)s") % words, tone=status.tone)


def _approvals(case: Case, user: User) -> Iterator[Event]:
    since = _end_of(case.opened_date) - dt.timedelta(1)
    asked = approvals.visible_to(user).filter(customer_reference=case.customer.reference, made_at__gte=since)
    for request in asked[:LIMIT]:
        words = {
            "action": access.action(request.action),
            "amount": f"{request.amount:,.2f}",
            "status": access.status(RequestStatus(request.status)),
        }
        text = _("%(action)s, %(amount)s: %(status)s") % words
        yield Event(
            request.decided_at or request.made_at, "approval", text, request.made_by.name, request.reason, "info"
        )
