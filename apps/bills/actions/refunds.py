"""Refunds: a merchant gives a purchase back, wholly or in part; taken once, reversed when it was a mistake."""

import datetime as dt
from decimal import Decimal

from apps.audit import actions as audit
from apps.bills.actions import posting, reversals
from apps.bills.models import Purchase, Refund
from apps.bills.queries import inputs, purchases
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer


def record(
    *,
    customer: Customer,
    reference: str,
    amount: Decimal,
    refunded_date: dt.date,
    business_date: dt.date,
    purchase: Purchase | None = None,
    currency: str = "",
    by: Actor,
    at: dt.datetime,
) -> Refund:
    """Take one refund; the same reference with the same content is answered with what was booked before."""
    with audit.operation("bills.record_refund", by=by, at=at, on=customer) as op:
        amount = inputs.amount(amount)
        inputs.day(refunded_date, business_date)
        inputs.currency(currency, customer=customer)
        posting.lock(customers=[customer.pk], by=by, at=at)
        if purchase is not None and not Refund.objects.filter(reference=reference).exists():
            _fits(purchase, customer, amount, refunded_date)
        refund, created = Refund.objects.get_or_create(
            reference=reference,
            defaults={"customer": customer, "purchase": purchase, "amount": amount, "refunded_date": refunded_date},
        )
        known = (refund.customer_id, refund.amount, refund.refunded_date, refund.purchase_id)
        if known != (customer.pk, amount, refunded_date, purchase.pk if purchase else None):
            named = {"reference": reference}
            raise Refused(_("Refund %(reference)s is known with other content.") % named, code="reference_taken")
        op.on = refund
        if created:
            posting.post(customers=[customer.pk], by=by, at=at)
            op.sentence = f"Recorded refund {reference} of {amount} to {customer.reference}."
        else:
            op.sentence = f"Refund {reference} was recorded before; nothing was booked."
    refund.refresh_from_db()
    return refund


def reverse(
    *,
    refund: Refund,
    reason: str,
    note: str = "",
    reference: str | None = None,
    business_date: dt.date,
    by: Actor,
    at: dt.datetime,
) -> Refund:
    """Take a refund back: it was a mistake or came twice."""
    reversals.take_back(
        movement=refund, reason=reason, note=note, reference=reference, business_date=business_date, by=by, at=at
    )
    return refund


def _fits(purchase: Purchase, customer: Customer, amount: Decimal, date: dt.date) -> None:
    """Refuse what is not this customer's, came before the purchase, or gives back more than was bought."""
    if purchase.customer_id != customer.pk:
        names = {"purchase": purchase.reference, "customer": customer.reference}
        raise Refused(_("Purchase %(purchase)s is not a purchase of %(customer)s.") % names, code="purchase_of_another")
    inputs.since_purchase(date, purchase)
    before = purchases.refunded(purchase)
    if before + amount > purchase.amount:
        words = {
            "reference": purchase.reference,
            "amount": purchase.amount,
            "before": before,
            "asked": amount,
            "left": purchase.amount - before,
        }
        sentence = _(
            "Purchase %(reference)s was of %(amount)s and %(before)s of it is refunded: "
            "%(asked)s is more than the %(left)s that is left."
        )
        raise Refused(sentence % words, code="above_purchase")
