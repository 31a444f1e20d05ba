"""Restructuring: asked for, carried out by the approval that allows it, undone if it is the last."""

import datetime as dt
from typing import Any

from apps.access.actions import approvals
from apps.access.models import ApprovalRequest, User
from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.domain import aging
from apps.bills.domain.kinds import RestructuringStatus
from apps.bills.models import Bill, Restructuring
from apps.bills.queries import asked as requests
from apps.bills.queries import plans
from apps.bills.queries import restructurings as queries
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer

ACTION = queries.ACTION


def request(
    *,
    customer: Customer,
    bill: Bill | None = None,
    asked: dict[str, Any],
    reason: str,
    reference: str = "",
    by: User,
    at: dt.datetime,
) -> ApprovalRequest:
    """Ask that what is open on the bill, or on all open bills of the customer, fall due anew.

    Under a reference it is one request, however often it is asked for.
    """
    with audit.operation("bills.request_restructuring", by=by, at=at, on=bill or customer, reason=reason) as op:
        if bill is not None and bill.customer_id != customer.pk:
            names = {"bill": bill.reference, "customer": customer.reference}
            raise Refused(_("Bill %(bill)s is not a bill of %(customer)s.") % names, code="bill_of_another")
        payload = queries.packed(customer, bill, asked, reference)
        known = requests.before(ACTION, payload)
        if known is not None:
            op.sentence = requests.said_again(known)
            return known
        found = plans.preview(customer, bill, asked, closing.business_date_at(at))
        made = approvals.request(
            action=ACTION,
            subject=_subject(customer, bill),
            amount=found.amount,
            payload=payload,
            reason=reason,
            by=by,
            at=at,
        )
        op.sentence = f"Asked to restructure {found.amount} of {customer.reference} as {made.reference}."
    return made


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> Restructuring:
    """Let what an approved request names fall due anew, from the business date on."""
    customer, bill, asked = queries.unpacked(request.payload)
    with audit.operation(ACTION, by=by, at=at, on=bill or customer, authority=f"approval:{request.reference}") as op:
        made = agree(customer=customer, bill=bill, asked=asked, approval=request, by=by, at=at)
        op.on = made
        op.sentence = f"Restructured {made.amount} of {customer.reference} as {made.reference} ({made.kind})."
        op.detail = {"restructuring": made.reference, "amount": str(made.amount)}
    return made


def agree(
    *,
    customer: Customer,
    bill: Bill | None,
    asked: dict[str, Any],
    approval: ApprovalRequest,
    by: Actor,
    at: dt.datetime,
) -> Restructuring:
    """Let what is open fall due anew under this approval, from the business date on.

    Part of the caller's transaction and of its audit operation.
    """
    posting.lock(customers=[customer.pk], by=by, at=at)
    found = plans.preview(customer, bill, asked, closing.business_date_at(at))
    fact = found.fact
    made = Restructuring.objects.create(
        reference=f"RS-{approval.reference}",
        customer=customer,
        bill=bill,
        kind=fact.kind,
        agreed_date=fact.date,
        first_due_date=fact.first_due_date,
        instalments=fact.instalments,
        shift_days=fact.shift_days,
        shift_months=fact.shift_months,
        monthly_fee_rate=fact.monthly_fee_rate,
        amount=found.amount,
        class_2023=aging.class_2023(found.days_past_due),
        class_card=aging.class_card(found.days_past_due),
        stage=aging.stage(found.days_past_due),
        booked_at=at,
        approval=approval,
    )
    posting.post(customers=[customer.pk], by=by, at=at)
    return made


def undo(*, restructuring: Restructuring, reason: str, by: Actor, at: dt.datetime) -> Restructuring:
    """Take an agreement back as if it had never been made; only the last one about a bill can be."""
    with audit.operation("bills.undo_restructuring", by=by, at=at, on=restructuring, reason=reason) as op:
        if not reason.strip():
            raise Refused(_("Undoing a restructuring needs a reason."), code="reason_missing")
        posting.lock(customers=[restructuring.customer_id], by=by, at=at)
        current = Restructuring.objects.select_related("customer", "bill").get(pk=restructuring.pk)
        if current.status == RestructuringStatus.UNDONE:
            words = {"reference": current.reference, "date": current.undone_at.date() if current.undone_at else ""}
            raise Refused(_("%(reference)s was undone on %(date)s.") % words, code="undone_already")
        last = plans.standing(current.customer, current.bill).first()
        if last is not None and last.pk != current.pk:
            words = {"reference": current.reference, "last": last.reference}
            raise Refused(_("%(last)s came after %(reference)s; undo that one first.") % words, code="not_the_last")
        current.status, current.undone_at = RestructuringStatus.UNDONE, at
        current.save(update_fields=["status", "undone_at"])
        posting.post(customers=[current.customer_id], by=by, at=at)
        op.sentence = f"Undid {current.reference}: {reason}"
    return current


def _subject(customer: Customer, bill: Bill | None) -> approvals.Subject:
    if bill is None:
        return approvals.Subject("customers.customer", customer.reference, customer.reference)
    return approvals.Subject("bills.bill", bill.reference, customer.reference)
