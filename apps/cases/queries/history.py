"""What happened in a case: its stages, contacts, messages, promises and tasks."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.cases.domain import history
from apps.cases.domain.history import Event, Kind
from apps.cases.domain.status import TaskStatus
from apps.cases.models import Case
from apps.core.domain.dates import closing_moment
from apps.outreach.models import Message


def of_case(case: Case, *, limit: int = 200) -> list[Event]:
    """Everything, the newest first; messages from the day the case was opened to the day it was closed."""
    everything = history.merged(_contacts(case), _promises(case), _messages(case), _tasks(case), _stages(case))
    return everything[:limit]


def _stages(case: Case) -> Iterator[Event]:
    for move in case.moves.order_by("-id"):
        yield Event(
            move.moved_date, _end(move.moved_date), Kind.STAGE, move.cause, move.to_stage, str(move.days_past_due)
        )


def _contacts(case: Case) -> Iterator[Event]:
    for contact in case.contacts.select_related("recorded_by").order_by("-id"):
        yield Event(
            contact.contacted_date,
            contact.contacted_at,
            Kind.CONTACT,
            contact.channel,
            contact.outcome,
            contact.note,
            contact.recorded_by.name,
        )


def _promises(case: Case) -> Iterator[Event]:
    for promise in case.promises.select_related("contact__recorded_by").order_by("-id"):
        about = f"{promise.amount} {promise.promised_date}"
        who = promise.contact.recorded_by.name
        yield Event(promise.made_date, promise.contact.contacted_at, Kind.PROMISE, "made", "", about, who)
        if promise.judged_date is not None:
            yield Event(promise.judged_date, _end(promise.judged_date), Kind.PROMISE, promise.status, "", about)


def _messages(case: Case) -> Iterator[Event]:
    sent = Message.objects.filter(customer=case.customer_id, planned_at__gte=_end(case.opened_date - dt.timedelta(1)))
    if case.closed_date is not None:
        sent = sent.filter(planned_at__lte=_end(case.closed_date))
    for message in sent.order_by("-id"):
        at = message.sent_at or message.scheduled_at
        day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        yield Event(day, at, Kind.MESSAGE, message.channel, message.status, message.purpose)


def _tasks(case: Case) -> Iterator[Event]:
    for task in case.tasks.filter(status=TaskStatus.DONE).order_by("-id"):
        if task.done_at is not None:
            day = task.done_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
            yield Event(day, task.done_at, Kind.TASK, task.step, task.outcome)


def _end(day: dt.date) -> dt.datetime:
    return closing_moment(day, ZoneInfo(settings.TIME_ZONE))
