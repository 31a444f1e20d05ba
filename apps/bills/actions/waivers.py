"""Waiving a late fee: a controlled action, executed by the approval that allows it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.models import Bill, Waiver
from apps.bills.queries import fees
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused

ACTION = "bills.waive_late_fee"


def waive(*, bill: Bill, amount: Decimal, approval: str, business_date: dt.date, by: Actor, at: dt.datetime) -> Waiver:
    """Give up a late fee under an approval; refused where no approval stands behind it or more is asked than is owed."""
    with audit.operation(ACTION, by=by, at=at, on=bill, authority=f"approval:{approval}") as op:
        owed = fees.late_fee_owed(bill)
        if amount > owed:
            raise Refused(f"The late fee owed on {bill.reference} is {owed}, less than {amount}.", code="above_owed")
        waiver = Waiver.objects.create(
            reference=f"W-{approval}",
            customer_id=bill.customer_id,
            bill=bill,
            amount=amount,
            waived_date=business_date,
            approval_reference=approval,
        )
        posting.post(customers=[bill.customer_id], by=by, at=at)
        op.sentence = f"Waived {amount} of the late fee on {bill.reference}."
        op.detail = {"waiver": waiver.reference, "amount": str(amount)}
    return waiver


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What a waiver rests on, shown to the approver; a change of any of it makes the request void."""
    bill = Bill.objects.select_related("customer").get(reference=payload["bill"])
    return {
        "bill": bill.reference,
        "customer": bill.customer.reference,
        "open_principal": str(bill.open_principal),
        "late_fee_posted": str(bill.late_fee_posted),
        "open_late_fee": str(bill.open_late_fee),
        "fees_only": True,
    }
