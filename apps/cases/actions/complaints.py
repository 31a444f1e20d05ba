"""Complaints: recorded, given to a handler without interest, given more time, answered, reopened, withdrawn."""

import datetime as dt
from decimal import Decimal

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.domain.permissions import Permission
from apps.access.models import ApprovalRequest, User
from apps.access.queries import people
from apps.audit import actions as audit
from apps.cases.domain import complaints as rules
from apps.cases.domain import moves
from apps.cases.domain.complaints import ComplaintChannel, ComplaintStatus, Finding, RootCause, Term, Topic
from apps.cases.models import Case, Complaint, Contact
from apps.cases.queries import complaints as queries
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer
from apps.outreach.models import Message

ACTION = queries.ACTION


def record(
    *,
    customer: Customer,
    channel: ComplaintChannel,
    topic: Topic,
    text: str,
    received_date: dt.date | None = None,
    case: Case | None = None,
    contact: Contact | None = None,
    message: Message | None = None,
    about: User | None = None,
    by: User,
    at: dt.datetime,
) -> Complaint:
    """Take a complaint in; its clock runs from the day on which it came, whenever it is written down.

    With a contact it is about whoever made it, and about its case, unless it says otherwise.
    """
    with audit.operation("cases.record_complaint", by=by, at=at, on=customer) as op:
        today = closing.business_date_at(at)
        received = received_date or today
        if not text.strip():
            raise Refused(_("A complaint says what it is about."), code="complaint_empty")
        if received > today:
            words = {"date": received, "today": today}
            raise Refused(_("%(date)s has not come yet: the business date is %(today)s.") % words, code="in_the_future")
        if contact is not None:
            case, about = case or contact.case, about or contact.recorded_by
        _same_customer(customer, case, contact, message)
        Customer.objects.select_for_update().get(pk=customer.pk)  # two of one customer are numbered one after the other
        complaint = Complaint.objects.create(
            reference=f"CP-{customer.reference}-{1 + customer.complaints.count()}",
            customer=customer,
            case=case or customer.cases.order_by("-pk").first(),
            contact=contact,
            message=message,
            about=about,
            channel=channel,
            topic=topic,
            text=text.strip(),
            received_date=received,
            clock_date=received,
            due_date=rules.due_date(received, Term.STANDARD),
            recorded_by=by,
            recorded_at=at,
        )
        op.on = complaint
        op.sentence = f"Recorded complaint {complaint.reference} ({topic}), to be answered by {complaint.due_date}."
    return complaint


def give(*, complaint: Complaint, handler: User, by: Actor, at: dt.datetime) -> Complaint:
    """Give an open complaint to somebody who may handle it and has no interest in how it ends."""
    with audit.operation("cases.give_complaint", by=by, at=at, on=complaint) as op:
        current = _open(complaint)
        if not people.holds(handler, Permission.COMPLAINT_HANDLE):
            raise Refused(_("%(name)s does not handle complaints.") % {"name": handler.name}, code="handler_permission")
        _without_interest(current, handler)
        current.handler = handler
        current.save(update_fields=["handler"])
        op.sentence = f"Gave complaint {current.reference} to {handler.username}."
    return current


def call_complex(*, complaint: Complaint, reason: str, by: User, at: dt.datetime) -> Complaint:
    """Take 30 days instead of 15, because finding out is complex; said by its handler."""
    with audit.operation("cases.prolong_complaint", by=by, at=at, on=complaint, reason=reason) as op:
        current = _handled(complaint, by)
        if not reason.strip():
            raise Refused(_("More time needs a reason."), code="reason_missing")
        _lengthen(current, Term.COMPLEX)
        current.save(update_fields=["term", "due_date"])
        op.sentence = f"Complaint {current.reference} is complex: to be answered by {current.due_date}."
    return current


def request_extension(*, complaint: Complaint, reason: str, by: User, at: dt.datetime) -> ApprovalRequest:
    """Ask for 60 days; it takes an approval."""
    with audit.operation("cases.request_complaint_extension", by=by, at=at, on=complaint, reason=reason) as op:
        current = _handled(complaint, by)
        moves.move(rules.LONGER, Term(current.term), Term.EXTENDED)
        if found := queries.asked(current):
            words = {"complaint": current.reference, "reference": found.reference}
            sentence = _("More time for %(complaint)s is asked for already: %(reference)s.") % words
            raise Refused(sentence, code="extension_asked_already")
        asked = approvals.request(
            action=ACTION,
            subject=Subject(queries.SUBJECT, current.reference, current.customer.reference),
            amount=Decimal("0.00"),
            payload={"complaint": current.reference},
            reason=reason,
            by=by,
            at=at,
        )
        op.sentence = f"Asked for more time to answer {current.reference}, as {asked.reference}."
    return asked


def extend(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> Complaint:
    """Give the complaint that an approved request names its 60 days."""
    found = Complaint.objects.get(reference=request.payload["complaint"])
    with audit.operation(ACTION, by=by, at=at, on=found, authority=f"approval:{request.reference}") as op:
        current = _open(found)
        _lengthen(current, Term.EXTENDED)
        current.extension = request
        current.save(update_fields=["term", "due_date", "extension"])
        op.sentence = f"Extended complaint {current.reference}: to be answered by {current.due_date}."
    return current


def answer(
    *,
    complaint: Complaint,
    finding: Finding,
    root_cause: RootCause,
    answer: str,
    remedy: str = "",
    by: User,
    at: dt.datetime,
) -> Complaint:
    """Answer a complaint: what was found, why it came to it, what the customer is told and what is put right."""
    with audit.operation("cases.answer_complaint", by=by, at=at, on=complaint) as op:
        current = _handled(complaint, by)
        if not answer.strip():
            raise Refused(_("An answer says something."), code="answer_empty")
        if finding != Finding.NOT_UPHELD and root_cause == RootCause.NONE:
            raise Refused(_("What is upheld has a cause."), code="root_cause_missing")
        current.status = moves.move(rules.MOVES, ComplaintStatus(current.status), ComplaintStatus.ANSWERED)
        current.finding, current.root_cause = finding, root_cause
        current.answer, current.remedy = answer.strip(), remedy.strip()
        current.answered_date, current.answered_by = closing.business_date_at(at), by
        current.save(
            update_fields=["status", "finding", "root_cause", "answer", "remedy", "answered_date", "answered_by"]
        )
        late = (current.answered_date - current.due_date).days
        op.sentence = f"Answered complaint {current.reference}: {finding}."
        op.detail = {"finding": finding, "root_cause": root_cause, "days_late": max(late, 0)}
    return current


def reopen(*, complaint: Complaint, reason: str, by: User, at: dt.datetime) -> Complaint:
    """Take an answered complaint up again, because the customer does not accept the answer; it needs a handler anew."""
    with audit.operation("cases.reopen_complaint", by=by, at=at, on=complaint, reason=reason) as op:
        if not reason.strip():
            raise Refused(_("Say what the customer does not accept."), code="reason_missing")
        current = _locked(complaint)
        current.status = moves.move(rules.MOVES, ComplaintStatus(current.status), ComplaintStatus.OPEN)
        today = closing.business_date_at(at)
        current.term, current.extension, current.handler = Term.STANDARD, None, None
        current.clock_date, current.due_date = today, rules.due_date(today, Term.STANDARD)
        current.save(update_fields=["status", "term", "extension", "handler", "clock_date", "due_date"])
        op.sentence = f"Reopened complaint {current.reference}: to be answered by {current.due_date}."
    return current


def withdraw(*, complaint: Complaint, reason: str, by: User, at: dt.datetime) -> Complaint:
    """Note that the customer took the complaint back, and how we know."""
    with audit.operation("cases.withdraw_complaint", by=by, at=at, on=complaint, reason=reason) as op:
        current = _handled(complaint, by)
        if not reason.strip():
            raise Refused(_("Say how the customer took it back."), code="reason_missing")
        current.status = moves.move(rules.MOVES, ComplaintStatus(current.status), ComplaintStatus.WITHDRAWN)
        current.save(update_fields=["status"])
        op.sentence = f"Complaint {current.reference} was taken back."
    return current


def _locked(complaint: Complaint) -> Complaint:
    found = Complaint.objects.select_for_update(of=("self",)).select_related("customer", "about", "handler")
    return found.get(pk=complaint.pk)


def _open(complaint: Complaint) -> Complaint:
    current = _locked(complaint)
    if current.status != ComplaintStatus.OPEN:
        sentence = _("Complaint %(complaint)s is not open.") % {"complaint": current.reference}
        raise Refused(sentence, code="complaint_not_open")
    return current


def _handled(complaint: Complaint, by: User) -> Complaint:
    current = _open(complaint)
    if current.handler_id != by.pk:
        raise Forbidden(_("A complaint is dealt with by its handler."), code="not_handler")
    _without_interest(current, by)
    return current


def _without_interest(complaint: Complaint, handler: User) -> None:
    if found := queries.interest_of(handler, queries.concern(complaint)):
        raise Forbidden(queries.why_not(found, handler), code=found)


def _lengthen(complaint: Complaint, term: Term) -> None:
    complaint.term = moves.move(rules.LONGER, Term(complaint.term), term)
    complaint.due_date = rules.due_date(complaint.clock_date, term)


def _same_customer(customer: Customer, case: Case | None, contact: Contact | None, message: Message | None) -> None:
    owners = {
        case.customer_id if case else None,
        contact.case.customer_id if contact else None,
        message.customer_id if message else None,
    } - {None}
    if owners - {customer.pk}:
        sentence = _("The case, contact or message is not one of %(customer)s.") % {"customer": customer.reference}
        raise Refused(sentence, code="foreign_evidence")
