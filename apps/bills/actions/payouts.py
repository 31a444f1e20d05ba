"""Paying a credit balance back: a controlled action, executed by the approval that allows it, undone if it bounces."""

import datetime as dt
from decimal import Decimal

from apps.access.actions import approvals
from apps.access.models import ApprovalRequest, User
from apps.audit import actions as audit
from apps.bills.actions import posting, reversals
from apps.bills.models import Payout
from apps.bills.queries import asked as requests
from apps.bills.queries import inputs
from apps.bills.queries import payouts as queries
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer

ACTION = queries.ACTION


def request(
    *,
    customer: Customer,
    amount: Decimal,
    reason: str,
    reference: str,
    channel: str = "",
    currency: str = "",
    by: User,
    at: dt.datetime,
) -> ApprovalRequest:
    """Ask to pay money out of the credit balance; the same reference with the same content is one request."""
    with audit.operation("bills.request_payout", by=by, at=at, on=customer, reason=reason) as op:
        amount = inputs.amount(amount)
        inputs.currency(currency, customer=customer)
        posting.lock(customers=[customer.pk], by=by, at=at)
        payload = {"customer": customer.reference, "channel": channel, "reference": reference}
        known = requests.before(ACTION, payload, amount)
        if known is not None:
            op.sentence = requests.said_again(known)
            return known
        _within_credit(customer, amount)
        asked = approvals.request(
            action=ACTION,
            subject=approvals.Subject(queries.SUBJECT, customer.reference, customer.reference),
            amount=amount,
            payload=payload,
            reason=reason,
            by=by,
            at=at,
        )
        op.sentence = f"Asked to pay {amount} out of the credit balance of {customer.reference}."
    return asked


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> Payout:
    """Pay out what an approved request names; refused where it is more than the credit balance."""
    customer = Customer.objects.get(reference=request.payload["customer"])
    with audit.operation(ACTION, by=by, at=at, on=customer, authority=f"approval:{request.reference}") as op:
        posting.lock(customers=[customer.pk], by=by, at=at)
        _within_credit(customer, request.amount)
        payout = Payout.objects.create(
            reference=f"O-{request.reference}",
            customer=customer,
            amount=request.amount,
            paid_date=closing.business_date_at(at),
            channel=request.payload["channel"],
            approval=request,
        )
        posting.post(customers=[customer.pk], by=by, at=at)
        op.sentence = f"Paid {payout.amount} of the credit balance of {customer.reference} out."
        op.detail = {"payout": payout.reference, "amount": str(payout.amount)}
    return payout


def reverse(
    *,
    payout: Payout,
    reason: str,
    note: str = "",
    reference: str | None = None,
    business_date: dt.date,
    by: Actor,
    at: dt.datetime,
) -> Payout:
    """Take a payout back that the bank returned or that was a mistake: the credit is as if it had never been paid."""
    reversals.take_back(
        movement=payout, reason=reason, note=note, reference=reference, business_date=business_date, by=by, at=at
    )
    return payout


def _within_credit(customer: Customer, amount: Decimal) -> None:
    credit = queries.credit_of(customer)
    if amount > credit:
        words = {"customer": customer.reference, "credit": credit, "amount": amount}
        sentence = _("The credit balance of %(customer)s is %(credit)s, less than %(amount)s.") % words
        raise Refused(sentence, code="above_credit")
