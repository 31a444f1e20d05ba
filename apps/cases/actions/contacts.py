"""Recording what came of a contact: the call, the task it was made for, the promise."""

import datetime as dt
from decimal import Decimal

from apps.access.domain.permissions import Permission
from apps.access.models import User
from apps.access.queries import people
from apps.audit import actions as audit
from apps.cases.domain import moves, outcomes, promises
from apps.cases.domain.status import CaseStatus, Outcome, PromiseStatus, StepKind, TaskStatus
from apps.cases.models import Case, Contact, Promise, Task
from apps.cases.queries import cases, strategies, wording
from apps.cases.queries import promises as limits_of
from apps.closing import queries as closing
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.domain.contact import Channel
from apps.customers.models import ContactPoint
from apps.customers.queries import walls
from apps.outreach.actions import calls, notes
from apps.outreach.models import CallAttempt

NewPromise = tuple[Decimal, dt.date]  # amount, and the day by whose end it is paid


def record(
    *,
    case: Case,
    outcome: Outcome,
    channel: Channel = Channel.CALL,
    note: str = "",
    promise: NewPromise | None = None,
    contact_point: ContactPoint | None = None,
    call: CallAttempt | None = None,
    by: User,
    at: dt.datetime,
) -> Contact:
    """Record a contact with the customer of an open case; refused where the gate says no to it.

    Its task is done: a task of a day with any outcome, one that was made once when the customer was reached.
    """
    with audit.operation("cases.record_contact", by=by, at=at, on=case) as op:
        locked = Case.objects.select_for_update(of=("self",)).select_related("customer", "strategy").get(pk=case.pk)
        _check(locked, outcome, promise, by)
        if channel == Channel.CALL and call is None:
            call = calls.record(
                customer=locked.customer,
                contact_point=contact_point,
                was_connected=outcomes.was_connected(outcome),
                called_at=at,
                by=by,
                at=at,
            )
        elif channel != Channel.CALL:
            notes.record(
                customer=locked.customer, channel=channel, contact_point=contact_point, sent_at=at, by=by, at=at
            )
        task = _task(locked, outcome)
        today = closing.business_date_at(at)
        contact = Contact.objects.create(
            case=locked,
            task=task,
            call=call,
            channel=channel,
            outcome=outcome,
            note=note,
            contacted_date=today,
            contacted_at=at,
            recorded_by=by,
        )
        if task is not None:
            _done(task, outcome, by, at)
        op.on = contact
        op.sentence = f"Recorded a contact with {locked.customer.reference} by {channel}: {outcome}."
        if promise is not None:
            _promise(contact, locked, promise, today, by)
            op.sentence = f"Recorded that {locked.customer.reference} promises {promise[0]} by {promise[1]}."
        op.detail = {"case": locked.reference, "channel": channel, "outcome": outcome}
    return contact


def _check(case: Case, outcome: Outcome, promise: NewPromise | None, by: User) -> None:
    walls.must_work_on(by, case.customer, case.reference)
    if case.status != CaseStatus.OPEN:
        raise Refused(_("Case %(case)s is closed.") % {"case": case.reference}, code="case_closed")
    if (outcome == Outcome.PROMISE) != (promise is not None):
        raise Refused(_("A promise has an amount and a date, and no other outcome has."), code="promise_incomplete")


def _task(case: Case, outcome: Outcome) -> Task | None:
    """The task that the contact was made for, if it is done by it."""
    task = case.tasks.filter(status=TaskStatus.OPEN, kind=StepKind.TASK).order_by("due_date", "id").first()
    if task is None or outcomes.reached_customer(outcome):
        return task
    is_daily = case.strategy.steps.filter(code=task.step, days__len__gt=0).exists()
    return task if is_daily else None


def _done(task: Task, outcome: Outcome, by: User, at: dt.datetime) -> None:
    task.status = moves.move(moves.TASK, TaskStatus(task.status), TaskStatus.DONE)
    task.outcome = outcome
    task.done_at = at
    task.done_by = by.actor_id
    task.save(update_fields=["status", "outcome", "done_at", "done_by"])


def _promise(contact: Contact, case: Case, promise: NewPromise, today: dt.date, by: User) -> None:
    amount, date = promise
    owed = cases.owed(case.customer_id, today)
    rules = strategies.rules_of(case.strategy).promises
    has_open = case.promises.filter(status=PromiseStatus.OPEN).exists()
    limits = limits_of.limits(today)
    past = limits_of.past(case.customer_id, today, lead_agrees=people.holds(by, Permission.CASE_ASSIGN))
    fault = promises.fault(
        amount, date, owed=owed, has_open=has_open, business_date=today, rules=rules, past=past, limits=limits
    )
    if fault is not None:
        sentence = wording.promise_fault(
            fault,
            amount=amount,
            date=date,
            owed=owed,
            business_date=today,
            within_days=rules.within_days,
            limits=limits,
            hold=past.hold,
        )
        raise Refused(sentence, code=fault)
    Promise.objects.create(case=case, contact=contact, amount=amount, promised_date=date, made_date=today)
