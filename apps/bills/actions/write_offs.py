"""Writing a bill off and reversing that: controlled actions, executed by the approval that allows them."""

import datetime as dt

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.models import ApprovalRequest, User
from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.models import Bill, WriteOff
from apps.bills.queries import asked as requests
from apps.bills.queries import write_offs as queries
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

ACTION, REVERSAL = queries.ACTION, queries.REVERSAL


def request(*, bill: Bill, reason: str, reference: str = "", by: User, at: dt.datetime) -> ApprovalRequest:
    """Ask for a bill to be written off: everything that is open on it; under a reference it is one request."""
    with audit.operation("bills.request_write_off", by=by, at=at, on=bill, reason=reason) as op:
        payload = {"bill": bill.reference, "reference": reference}
        known = requests.before(ACTION, payload)
        if known is not None:
            op.sentence = requests.said_again(known)
            return known
        _refuse_twice(bill)
        amount = queries.owed(bill)
        if not amount:
            raise Refused(_("Nothing is owed on %(bill)s.") % {"bill": bill.reference}, code="nothing_owed")
        asked = approvals.request(
            action=ACTION,
            subject=_subject(bill),
            amount=amount,
            payload=payload,
            reason=reason,
            by=by,
            at=at,
        )
        op.sentence = f"Asked for {bill.reference} to be written off: {amount}, as {asked.reference}."
    return asked


def request_reversal(
    *, write_off: WriteOff, reason: str, reference: str = "", by: User, at: dt.datetime
) -> ApprovalRequest:
    """Ask for a write-off to be reversed, which takes what it took; under a reference it is one request."""
    with audit.operation("bills.request_write_off_reversal", by=by, at=at, on=write_off, reason=reason) as op:
        payload = {"write_off": write_off.reference, "reference": reference}
        known = requests.before(REVERSAL, payload)
        if known is not None:
            op.sentence = requests.said_again(known)
            return known
        _refuse_reversed(write_off)
        asked = approvals.request(
            action=REVERSAL,
            subject=_subject(write_off.bill),
            amount=write_off.amount,
            payload=payload,
            reason=reason,
            by=by,
            at=at,
        )
        op.sentence = f"Asked for {write_off.reference} to be reversed, as {asked.reference}."
    return asked


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> WriteOff:
    """Write off the bill that an approved request names: whatever is open on it by the end of the business date."""
    bill = Bill.objects.get(reference=request.payload["bill"])
    with audit.operation(ACTION, by=by, at=at, on=bill, authority=f"approval:{request.reference}") as op:
        posting.lock(customers=[bill.customer_id], by=by, at=at)
        _refuse_twice(bill)
        written_off = WriteOff.objects.create(
            reference=f"WO-{request.reference}",
            customer_id=bill.customer_id,
            bill=bill,
            amount=request.amount,
            written_off_date=closing.business_date_at(at),
            approval=request,
        )
        posting.post(customers=[bill.customer_id], by=by, at=at)
        op.sentence = f"Wrote {bill.reference} off: {written_off.amount}."
        op.detail = {"write_off": written_off.reference, "amount": str(written_off.amount)}
    return written_off


def reverse(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> WriteOff:
    """Reverse the write-off that an approved request names as if it had never been: what came back pays the bill."""
    written_off = WriteOff.objects.get(reference=request.payload["write_off"])
    with audit.operation(REVERSAL, by=by, at=at, on=written_off, authority=f"approval:{request.reference}") as op:
        posting.lock(customers=[written_off.customer_id], by=by, at=at)
        written_off.refresh_from_db()
        _refuse_reversed(written_off)
        written_off.reversed_date, written_off.reversal = closing.business_date_at(at), request
        written_off.save(update_fields=["reversed_date", "reversal"])
        posting.post(customers=[written_off.customer_id], by=by, at=at)
        op.sentence = f"Reversed write-off {written_off.reference} of {written_off.amount}."
    return written_off


def _subject(bill: Bill) -> Subject:
    return Subject(queries.SUBJECT, bill.reference, bill.customer.reference)


def _refuse_twice(bill: Bill) -> None:
    if found := queries.standing(bill):
        words = {"bill": bill.reference, "date": found.written_off_date, "reference": found.reference}
        raise Refused(_("%(bill)s was written off on %(date)s (%(reference)s).") % words, code="written_off_already")


def _refuse_reversed(written_off: WriteOff) -> None:
    if written_off.reversed_date is not None:
        words = {"reference": written_off.reference, "date": written_off.reversed_date}
        raise Refused(_("%(reference)s was reversed on %(date)s.") % words, code="reversed_already")
