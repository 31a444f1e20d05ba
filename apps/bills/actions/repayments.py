"""Repayments: taken once, allocated by the contract's waterfall, reversed when they bounce."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.audit import actions as audit
from apps.bills.actions import posting, reversals
from apps.bills.domain.suspense import SuspenseStatus
from apps.bills.models import Bill, Repayment, SuspenseItem
from apps.bills.queries import inputs, receipts, references, settlement
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer


@dataclass(frozen=True, slots=True)
class NewRepayment:
    """Money received from a customer (by key), under the payer's reference."""

    reference: str
    customer: int
    date: dt.date
    amount: Decimal
    channel: str = ""
    bill: int | None = None  # the one that the payer designates


def record(
    *,
    customer: Customer,
    reference: str,
    amount: Decimal,
    received_date: dt.date,
    business_date: dt.date,
    channel: str = "",
    bill: Bill | None = None,
    suspended: SuspenseItem | None = None,
    settles: bool = False,
    currency: str = "",
    by: Actor,
    at: dt.datetime,
) -> Repayment:
    """Take one repayment; the same reference with the same content is answered with what was booked before.

    Money that waits in suspense (`suspended` where it is this) is booked from there alone.
    """
    with audit.operation("bills.record_repayment", by=by, at=at, on=customer) as op:
        amount = inputs.amount(amount)
        inputs.day(received_date, business_date)
        if bill is not None:
            _belongs(bill, customer, received_date)
        inputs.currency(currency, customer=customer, bill=bill)
        if suspended is None:
            references.hold(alone=False)
            _refuse_parked(reference)
        posting.lock(customers=[customer.pk], by=by, at=at)
        if suspended is None and not receipts.is_known(reference):
            settlement.refuse_small(customer, amount, received_date, bill, settles=settles)
        repayment, created = Repayment.objects.get_or_create(
            reference=reference,
            defaults={
                "customer": customer,
                "amount": amount,
                "received_date": received_date,
                "channel": channel,
                "bill": bill,
                "settles": settles,
            },
        )
        known = (repayment.customer_id, repayment.amount, repayment.received_date, repayment.bill_id, repayment.settles)
        if known != (customer.pk, amount, received_date, bill.pk if bill else None, settles):
            named = {"reference": reference}
            raise Refused(_("Repayment %(reference)s is known with other content.") % named, code="reference_taken")
        op.on = repayment
        if created:
            posting.post(customers=[customer.pk], by=by, at=at)
            op.sentence = f"Recorded repayment {reference} of {amount} from {customer.reference}."
        else:
            op.sentence = f"Repayment {reference} was recorded before; nothing was booked."
    repayment.refresh_from_db()
    return repayment


def _refuse_parked(reference: str) -> None:
    parked = references.in_suspense(reference)
    if parked is not None:
        named = {"reference": reference}
        sentence = (
            _("Money with the reference %(reference)s waits in suspense: assign it there.")
            if parked.status == SuspenseStatus.WAITING
            else _("Money with the reference %(reference)s was in suspense and given back.")
        )
        raise Refused(sentence % named, code="reference_parked")


def _belongs(bill: Bill, customer: Customer, date: dt.date) -> None:
    """Refuse a designated bill that is another customer's, or was issued after the money came."""
    if bill.customer_id != customer.pk:
        names = {"bill": bill.reference, "customer": customer.reference}
        raise Refused(_("Bill %(bill)s is not a bill of %(customer)s.") % names, code="bill_of_another")
    inputs.since_bill(date, bill)


def record_many(*, repayments: Sequence[NewRepayment], by: Actor, at: dt.datetime) -> int:
    """Take many repayments at once, whose references are new; answers how many there were."""
    with audit.operation("bills.record_repayments", by=by, at=at) as op:
        Repayment.objects.bulk_create(
            [
                Repayment(
                    reference=new.reference,
                    customer_id=new.customer,
                    amount=new.amount,
                    received_date=new.date,
                    channel=new.channel,
                    bill_id=new.bill,
                )
                for new in repayments
            ],
            batch_size=1000,
        )
        posting.post(customers={new.customer for new in repayments}, by=by, at=at)
        op.sentence = f"Recorded {len(repayments)} repayments."
    return len(repayments)


def reverse(
    *,
    repayment: Repayment,
    reason: str,
    note: str = "",
    reference: str | None = None,
    business_date: dt.date,
    by: Actor,
    at: dt.datetime,
) -> Repayment:
    """Take a repayment back: it bounced, was a mistake or came twice."""
    reversals.take_back(
        movement=repayment, reason=reason, note=note, reference=reference, business_date=business_date, by=by, at=at
    )
    return repayment
