"""Holds: placed, extended, lifted; what they put aside comes back after them."""

import datetime as dt
from collections.abc import Iterable

from apps.access.models import User
from apps.audit import actions as audit
from apps.bills.actions import pauses
from apps.bills.domain.pauses import PauseReason
from apps.cases.domain import holds as rules
from apps.cases.domain import moves
from apps.cases.domain.holds import KINDS, Days, HoldKind, HoldStatus, Placer, Stop
from apps.cases.domain.status import CaseStatus, TaskStatus
from apps.cases.models import Case, HeldPause, Hold, Task
from apps.cases.queries import hold_words
from apps.cases.queries import holds as queries
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer
from apps.customers.queries import walls

PAUSES = {HoldKind.FRAUD: PauseReason.FRAUD_CLAIM}  # the others are called the same


def place(
    *,
    customer: Customer,
    kind: HoldKind,
    reason: str,
    evidence: str = "",
    days: int | None = None,
    by: User,
    at: dt.datetime,
) -> Hold:
    """Place a hold from the business date on; open tasks are put aside. Refused to whoever may not place its kind."""
    with audit.operation("cases.place_hold", by=by, at=at, on=customer, reason=reason):
        _may(by, customer, kind, KINDS[kind].placed_by)
        return impose(customer=customer, kind=kind, reason=reason, evidence=evidence, days=days, by=by, at=at)


def impose(
    *,
    customer: Customer,
    kind: HoldKind,
    reason: str,
    evidence: str = "",
    days: int | None = None,
    cause: str = "",
    by: Actor,
    at: dt.datetime,
) -> Hold:
    """Place a hold as a part of another action, such as an arrangement; `cause` is the reference of what it is for."""
    with audit.operation("cases.impose_hold", by=by, at=at, on=customer, reason=reason) as op:
        case = _lock(customer)
        today = closing.business_date_at(at)
        if not reason.strip():
            raise Refused(_("A hold needs a reason."), code="reason_missing")
        if KINDS[kind].needs_evidence and not evidence.strip():
            raise Refused(_("Such a hold rests on a document: say which."), code="evidence_missing")
        if found := rules.fault(kind, days):
            raise Refused(hold_words.fault(found, kind, days), code=found)
        end = rules.end_date(kind, today, days)
        if other := queries.overlapping(customer, kind, today, end):
            sentence = _("%(reference)s is such a hold and in force already; extend or lift it.")
            raise Refused(sentence % {"reference": other.reference}, code="overlap")
        hold = Hold.objects.create(
            reference=f"H-{customer.reference}-{1 + customer.holds.count()}",
            customer=customer,
            case=case,
            kind=kind,
            start_date=today,
            end_date=end,
            review_date=rules.review_date(kind, today, end),
            cause=cause,
            reason=reason.strip(),
            evidence=evidence.strip(),
            placed_at=at,
            placed_by=by.actor_id,
        )
        _pause(hold, Days(today, end), by, at)
        aside = _put_aside(hold, by, at)
        op.on = hold
        until = f"until {end}" if end else "until it is lifted"
        op.sentence = f"Placed hold {hold.reference} ({kind}) on {customer.reference} {until}."
        op.detail = {"kind": kind, "tasks_put_aside": aside}
    return hold


def extend(*, hold: Hold, days: int, reason: str, by: User, at: dt.datetime) -> Hold:
    """Give a hold more days, within what its kind allows."""
    with audit.operation("cases.extend_hold", by=by, at=at, on=hold, reason=reason) as op:
        kind = HoldKind(hold.kind)
        _may(by, hold.customer, kind, KINDS[kind].lifted_by)
        current = _current(hold)
        if not reason.strip():
            raise Refused(_("More time needs a reason."), code="reason_missing")
        before = current.end_date
        if found := rules.extension_fault(kind, current.start_date, before, days):
            raise Refused(hold_words.fault(found, kind, days), code=found)
        if before is not None:
            current.end_date = current.review_date = before + dt.timedelta(days)
            current.save(update_fields=["end_date", "review_date"])
            _pause(current, Days(before, current.end_date), by, at)
        op.sentence = f"Extended hold {current.reference} until {current.end_date}."
    return current


def lift(*, hold: Hold, reason: str, by: User, at: dt.datetime) -> Hold:
    """End a hold today; what it put aside is to be done again. Refused to whoever may not lift its kind."""
    with audit.operation("cases.lift_hold", by=by, at=at, on=hold, reason=reason):
        kind = HoldKind(hold.kind)
        _may(by, hold.customer, kind, KINDS[kind].lifted_by)
        if hold.cause:
            words = {"reference": hold.reference, "cause": hold.cause}
            raise Refused(_("%(reference)s ends with %(cause)s, for which it was placed.") % words, code="hold_caused")
        return release(hold=hold, reason=reason, by=by, at=at)


def release(*, hold: Hold, reason: str, by: Actor, at: dt.datetime) -> Hold:
    """Lift a hold as a part of another action, such as the breach of an arrangement."""
    with audit.operation("cases.release_hold", by=by, at=at, on=hold, reason=reason) as op:
        current = _current(hold)
        if not reason.strip():
            raise Refused(_("Say why the hold is lifted."), code="reason_missing")
        today = closing.business_date_at(at)
        current.status = moves.move(rules.MOVES, HoldStatus(current.status), HoldStatus.LIFTED)
        current.end_date, current.end_reason = max(today, current.start_date), reason.strip()
        current.ended_at, current.ended_by = at, by.actor_id
        current.save(update_fields=["status", "end_date", "end_reason", "ended_at", "ended_by"])
        _unpause(current, today, by, at)
        back = _bring_back(current.customer, today, by, at)
        op.sentence = f"Lifted hold {current.reference} ({current.kind})."
        op.detail = {"kind": current.kind, "tasks_brought_back": back}
    return current


def _may(by: User, customer: Customer, kind: HoldKind, placer: Placer) -> None:
    walls.must_work_on(by, customer, customer.reference)
    if placer is Placer.SYSTEM:
        raise Forbidden(_("Such a hold comes and goes with what it is for; nobody places or lifts it."), code="system")
    if not queries.may(by, placer):
        words = {"name": by.name, "kind": hold_words.kind(kind)}
        sentence = _("%(name)s may not do this to a hold of the kind “%(kind)s”; ask your team lead.") % words
        raise Forbidden(sentence, code="hold_permission")


def _lock(customer: Customer) -> Case | None:
    """The customer's open case, locked before the customer: one hold is placed after the other."""
    found = Case.objects.select_for_update().filter(customer=customer, status=CaseStatus.OPEN).first()
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    return found


def _current(hold: Hold) -> Hold:
    _lock(hold.customer)
    current = Hold.objects.select_for_update(of=("self",)).select_related("customer").get(pk=hold.pk)
    if current.status != HoldStatus.IN_FORCE:
        raise Refused(_("Hold %(hold)s is over already.") % {"hold": current.reference}, code="hold_over")
    return current


def _pause(hold: Hold, days: Days, by: Actor, at: dt.datetime) -> None:
    """Pause the account on those of the days on which it does not stand still already."""
    kind = HoldKind(hold.kind)
    if Stop.FEES not in KINDS[kind].stops:
        return
    for gap in rules.uncovered(days, queries.paused(hold.customer)):
        pause = pauses.begin(
            customer=hold.customer,
            reason=PAUSES.get(kind) or PauseReason(kind.value),
            start_date=gap.start,
            end_date=gap.end,
            note=hold.reference,
            by=by,
            at=at,
        )
        HeldPause.objects.create(hold=hold, pause=pause)


def _unpause(hold: Hold, today: dt.date, by: Actor, at: dt.datetime) -> None:
    """End the pauses that the hold began; what other holds need of their days is paused for those."""
    for held in hold.pauses.select_related("pause").filter(pause__cancelled_at=None):
        pause = held.pause
        if pause.end_date is not None and pause.end_date <= today:
            continue
        if pause.start_date >= today:
            pauses.cancel(pause=pause, reason=f"{hold.reference} was lifted.", by=by, at=at)
        else:
            pauses.end(pause=pause, end_date=today, by=by, at=at)
    for other in queries.of(hold.customer, today, Stop.FEES).exclude(pk=hold.pk):
        _pause(other, Days(max(today, other.start_date), other.end_date), by, at)


def _put_aside(hold: Hold, by: Actor, at: dt.datetime) -> int:
    if Stop.TASKS not in KINDS[HoldKind(hold.kind)].stops or hold.case is None:
        return 0
    return _moved(hold.case.tasks.filter(status=TaskStatus.OPEN), TaskStatus.HELD)


def _bring_back(customer: Customer, today: dt.date, by: Actor, at: dt.datetime) -> int:
    """Open what was put aside, to be done from today on, unless another hold still stops tasks."""
    if queries.of(customer, today, Stop.TASKS).exists():
        return 0
    found = Task.objects.filter(case__customer=customer, case__status=CaseStatus.OPEN, status=TaskStatus.HELD)
    return _moved(found, TaskStatus.OPEN, today)


def _moved(tasks: Iterable[Task], to: TaskStatus, due: dt.date | None = None) -> int:
    count = 0
    for task in tasks:
        task.status = moves.move(moves.TASK, TaskStatus(task.status), to)
        task.due_date = max(task.due_date, due or task.due_date)
        task.save(update_fields=["status", "due_date"])
        count += 1
    return count
