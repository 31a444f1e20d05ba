"""Waiving a late fee: a controlled action, executed by the approval that allows it."""

import datetime as dt

from apps.access.models import ApprovalRequest
from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.models import Bill, Waiver
from apps.bills.queries import fees
from apps.bills.queries import waivers as queries
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

ACTION = queries.ACTION


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> Waiver:
    """Give up the late fee that an approved request names; refused where more is asked than is owed."""
    bill = Bill.objects.get(reference=request.payload["bill"])
    with audit.operation(ACTION, by=by, at=at, on=bill, authority=f"approval:{request.reference}") as op:
        posting.lock(customers=[bill.customer_id], by=by, at=at)
        owed = fees.late_fee_owed(bill)
        if request.amount > owed:
            words = {"bill": bill.reference, "owed": owed, "amount": request.amount}
            sentence = _("The late fee owed on %(bill)s is %(owed)s, less than %(amount)s.") % words
            raise Refused(sentence, code="above_owed")
        waiver = Waiver.objects.create(
            reference=f"W-{request.reference}",
            customer_id=bill.customer_id,
            bill=bill,
            amount=request.amount,
            waived_date=closing.business_date_at(at),
            approval=request,
        )
        posting.post(customers=[bill.customer_id], by=by, at=at)
        op.sentence = f"Waived {waiver.amount} of the late fee on {bill.reference}."
        op.detail = {"waiver": waiver.reference, "amount": str(waiver.amount)}
    return waiver
