"""Disputes: recorded with their hold, documented, reviewed, decided, taken back."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from apps.access.models import User
from apps.audit import actions as audit
from apps.bills.models import Bill
from apps.cases.actions import holds
from apps.cases.domain import disputes as rules
from apps.cases.domain import moves
from apps.cases.domain.disputes import DisputeStatus, Ground
from apps.cases.domain.holds import HoldKind, HoldStatus
from apps.cases.models import Case, Contact, Dispute, DisputedBill, Evidence, Hold
from apps.cases.queries import disputes as queries
from apps.cases.queries import holds as holding
from apps.closing import queries as closing
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer
from apps.customers.queries import walls


def record(
    *,
    customer: Customer,
    ground: Ground,
    amount: Decimal,
    text: str,
    bills: Sequence[Bill] = (),
    received_date: dt.date | None = None,
    contact: Contact | None = None,
    by: User,
    at: dt.datetime,
) -> Dispute:
    """Take a dispute in: from now on a hold stops collecting, and the bureau is told that the debt is disputed.

    It is answered within 20 days from the day on which it came. A dispute beside another shares its hold.
    """
    with audit.operation("cases.record_dispute", by=by, at=at, on=customer) as op:
        today = closing.business_date_at(at)
        received = received_date or today
        _check(customer, amount, text, received, today, by)
        _same_customer(customer, bills, contact)
        case = Case.objects.select_for_update().filter(customer=customer, status="open").first()
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        reference = f"D-{customer.reference}-{1 + Dispute.objects.filter(customer=customer).count()}"
        dispute = Dispute.objects.create(
            reference=reference,
            customer=customer,
            case=contact.case if contact else case,
            contact=contact,
            hold=_hold(customer, reference, text, today, by, at),
            ground=ground,
            amount=amount,
            text=text.strip(),
            received_date=received,
            due_date=rules.due_date(received),
            bureau_mark_from=received,
            recorded_by=by,
            recorded_at=at,
        )
        for bill in bills:
            DisputedBill.objects.create(dispute=dispute, bill=bill)
        op.on = dispute
        op.sentence = f"Recorded dispute {reference} ({ground}) of {amount}, to be answered by {dispute.due_date}."
        op.detail = {"bills": [bill.reference for bill in bills], "hold": dispute.hold.reference}
    return dispute


def add_evidence(*, dispute: Dispute, document: str, note: str = "", by: User, at: dt.datetime) -> Evidence:
    """Note a document that speaks for or against the dispute."""
    with audit.operation("cases.add_dispute_evidence", by=by, at=at, on=dispute) as op:
        current = _current(dispute, by)
        if not document.strip():
            raise Refused(_("Say which document it is and where it is kept."), code="document_missing")
        found = Evidence.objects.create(
            dispute=current, document=document.strip(), note=note.strip(), added_by=by, added_at=at
        )
        op.sentence = f"Noted a document to dispute {current.reference}."
    return found


def ask_for_evidence(*, dispute: Dispute, reason: str, by: User, at: dt.datetime) -> Dispute:
    """Wait for what is still to be shown; the days for the answer go on."""
    with audit.operation("cases.want_dispute_evidence", by=by, at=at, on=dispute, reason=reason) as op:
        current = _impartial(dispute, by)
        if not reason.strip():
            raise Refused(_("Say what is still to be shown."), code="reason_missing")
        _move(current, DisputeStatus.EVIDENCE_WANTED)
        current.handler = by
        current.save(update_fields=["status", "handler"])
        op.sentence = f"Dispute {current.reference} waits for evidence."
    return current


def review(*, dispute: Dispute, by: User, at: dt.datetime) -> Dispute:
    """Take a dispute on: whoever does is its handler."""
    with audit.operation("cases.review_dispute", by=by, at=at, on=dispute) as op:
        current = _impartial(dispute, by)
        _move(current, DisputeStatus.UNDER_REVIEW)
        current.handler = by
        current.save(update_fields=["status", "handler"])
        op.sentence = f"{by.username} reviews dispute {current.reference}."
    return current


def decide(
    *, dispute: Dispute, verdict: DisputeStatus, answer: str, correction: str = "", by: User, at: dt.datetime
) -> Dispute:
    """Decide a dispute and lift its hold; what is upheld names the waiver, reversal or refund that puts it right."""
    with audit.operation("cases.decide_dispute", by=by, at=at, on=dispute) as op:
        current = _impartial(dispute, by)
        if verdict not in rules.DECISIONS:
            raise Refused(_("A dispute is upheld, partly upheld or rejected."), code="no_verdict")
        if not answer.strip():
            raise Refused(_("An answer says something."), code="answer_empty")
        if verdict in rules.RIGHT and not correction.strip():
            sentence = _("What is upheld is put right: name the waiver, reversal or refund that does it.")
            raise Refused(sentence, code="correction_missing")
        _move(current, verdict)
        current.answer, current.correction, current.handler = answer.strip(), correction.strip(), by
        _end(current, by, at)
        op.sentence = f"Decided dispute {current.reference}: {verdict}."
        op.detail = {"verdict": verdict, "correction": current.correction}
    return current


def withdraw(*, dispute: Dispute, reason: str, by: User, at: dt.datetime) -> Dispute:
    """Note that the customer took the dispute back, and how we know."""
    with audit.operation("cases.withdraw_dispute", by=by, at=at, on=dispute, reason=reason) as op:
        current = _impartial(dispute, by)
        if not reason.strip():
            raise Refused(_("Say how the customer took it back."), code="reason_missing")
        _move(current, DisputeStatus.WITHDRAWN)
        current.end_reason = reason.strip()
        _end(current, by, at)
        op.sentence = f"Dispute {current.reference} was taken back."
    return current


def _check(customer: Customer, amount: Decimal, text: str, received: dt.date, today: dt.date, by: User) -> None:
    walls.must_work_on(by, customer, customer.reference)
    if not text.strip():
        raise Refused(_("A dispute says what the customer contests."), code="dispute_empty")
    if amount <= 0:
        raise Refused(_("A dispute is about an amount above zero."), code="amount_missing")
    if received > today:
        words = {"date": received, "today": today}
        raise Refused(_("%(date)s has not come yet: the business date is %(today)s.") % words, code="in_the_future")


def _same_customer(customer: Customer, bills: Sequence[Bill], contact: Contact | None) -> None:
    owners = {bill.customer_id for bill in bills} | ({contact.case.customer_id} if contact else set())
    if owners - {customer.pk}:
        sentence = _("The bill or contact is not one of %(customer)s.") % {"customer": customer.reference}
        raise Refused(sentence, code="foreign_evidence")


def _hold(customer: Customer, reference: str, text: str, today: dt.date, by: User, at: dt.datetime) -> Hold:
    """The dispute's hold: the one that is in force already, or a new one."""
    found = holding.of(customer, today).filter(kind=HoldKind.DISPUTE).first()
    return found or holds.impose(customer=customer, kind=HoldKind.DISPUTE, reason=text, cause=reference, by=by, at=at)


def _current(dispute: Dispute, by: User) -> Dispute:
    rows = Dispute.objects.select_for_update(of=("self",)).select_related("customer", "contact", "hold__customer")
    current = rows.get(pk=dispute.pk)
    walls.must_see(by, current.customer, current.customer.reference)
    if current.ended_date is not None:
        words = {"dispute": current.reference}
        raise Refused(_("Dispute %(dispute)s is over; what is new is a new dispute.") % words, code="dispute_over")
    return current


def _impartial(dispute: Dispute, by: User) -> Dispute:
    current = _current(dispute, by)
    if found := queries.interest_of(by, current):
        raise Forbidden(queries.why_not(found, by), code=found)
    return current


def _move(dispute: Dispute, to: DisputeStatus) -> None:
    dispute.status = moves.move(rules.MOVES, DisputeStatus(dispute.status), to)


def _end(dispute: Dispute, by: User, at: dt.datetime) -> None:
    """End it today with its mark at the bureau, and the hold unless another dispute needs it."""
    today = closing.business_date_at(at)
    dispute.ended_date = dispute.bureau_mark_until = today
    dispute.ended_by = by
    dispute.save()
    others = Dispute.objects.filter(hold=dispute.hold, ended_date=None)
    if dispute.hold.status == HoldStatus.IN_FORCE and not others.exists():
        holds.release(hold=dispute.hold, reason=f"Dispute {dispute.reference} is over.", by=by, at=at)
