"""Purchases, and in order mode the bills they make."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.domain import schedule
from apps.bills.domain.kinds import Mode
from apps.bills.domain.terms import Terms
from apps.bills.models import Bill, Instalment, Product, Purchase
from apps.bills.queries import caps, facts, inputs, products
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer


@dataclass(frozen=True, slots=True)
class NewPurchase:
    """A purchase as a merchant reports it; `terms` is the key of the product's version it was made under."""

    reference: str
    customer: int
    terms: int
    date: dt.date
    amount: Decimal
    instalments: int = 1
    merchant: str = ""
    order_reference: str = ""


def record(
    *,
    customer: Customer,
    reference: str,
    product: Product,
    amount: Decimal,
    purchased_date: dt.date,
    business_date: dt.date,
    instalments: int = 1,
    merchant: str = "",
    order_reference: str = "",
    currency: str = "",
    by: Actor,
    at: dt.datetime,
) -> Purchase:
    """Take one purchase under the conditions in force; the same reference with the same content is answered again."""
    with audit.operation("bills.record_purchase", by=by, at=at, on=customer) as op:
        amount = inputs.amount(amount)
        inputs.day(purchased_date, business_date)
        inputs.currency_of_product(currency, product=product, customer=customer)
        content = {
            "customer_id": customer.pk,
            "amount": amount,
            "purchased_date": purchased_date,
            "instalments": instalments,
            "merchant": merchant,
            "order_reference": order_reference,
        }
        posting.lock(customers=[customer.pk], by=by, at=at)
        known = Purchase.objects.filter(reference=reference).select_related("terms__product", "bill").first()
        if known is not None:
            if known.terms.product_id != product.pk or any(
                getattr(known, name) != said for name, said in content.items()
            ):
                named = {"reference": reference}
                raise Refused(_("Purchase %(reference)s is known with other content.") % named, code="reference_taken")
            op.on, op.sentence = known, f"Purchase {reference} was recorded before; nothing was booked."
            return known
        terms = products.terms_in_force(product, purchased_date)
        if terms is None:
            words = {"product": product.code, "date": purchased_date}
            raise Refused(_("%(product)s has no conditions yet on %(date)s.") % words, code="terms_missing")
        new = NewPurchase(
            reference, customer.pk, terms.pk, purchased_date, amount, instalments, merchant, order_reference
        )
        record_many(purchases=[new], by=by, at=at)
        made = Purchase.objects.select_related("bill").get(reference=reference)
        op.on, op.sentence = made, f"Recorded purchase {reference} of {amount} by {customer.reference}."
    return made


def record_many(*, purchases: Sequence[NewPurchase], by: Actor, at: dt.datetime) -> int:
    """Take purchases and bill those in order mode at once; answers how many there were."""
    with audit.operation("bills.record_purchases", by=by, at=at) as op:
        conditions = facts.terms()
        _check_prices(purchases, conditions)
        made = [_purchase(new) for new in purchases]
        bills = _bills(made, conditions)
        Purchase.objects.bulk_create(made, batch_size=1000)
        posting.post(customers={bill.customer_id for bill in bills}, by=by, at=at)
        op.sentence = f"Recorded {len(made)} purchases."
    return len(made)


def _check_prices(purchases: Sequence[NewPurchase], conditions: dict[int, Terms]) -> None:
    """Refuse instalments that the conditions do not offer, and a price above the cap on the day of the purchase."""
    known = caps.by_licence()
    for key, count, date in sorted({(new.terms, new.instalments, new.date) for new in purchases}):
        products.check_offered(conditions[key], count)
        caps.check(conditions[key], date, (count,), known)


def _purchase(new: NewPurchase) -> Purchase:
    return Purchase(
        reference=new.reference,
        customer_id=new.customer,
        terms_id=new.terms,
        purchased_date=new.date,
        amount=new.amount,
        instalments=new.instalments,
        merchant=new.merchant,
        order_reference=new.order_reference,
    )


def _bills(purchases: Sequence[Purchase], conditions: dict[int, Terms]) -> list[Bill]:
    """Make the bills of purchases in order mode, with their instalments."""
    bills, instalments = [], []
    for purchase in purchases:
        terms = conditions[purchase.terms_id]
        if terms.mode is not Mode.ORDER:
            continue
        shares = schedule.shares(purchase.amount, purchase.purchased_date, purchase.instalments, terms)
        fee = schedule.instalment_fee(purchase.amount, purchase.instalments, terms)
        bill = Bill(
            reference=f"B-{purchase.reference}",
            customer_id=purchase.customer_id,
            terms_id=purchase.terms_id,
            issued_date=purchase.purchased_date,
            principal=purchase.amount,
            instalment_fee=fee,
            open_principal=purchase.amount,
            open_instalment_fee=fee,
        )
        purchase.bill = bill
        bills.append(bill)
        instalments += [
            Instalment(
                bill=bill,
                customer_id=purchase.customer_id,
                number=share.number,
                due_date=share.due_date,
                grace_days=terms.grace_days,
                amount=share.amount,
                fee=share.fee,
                open_amount=share.amount,
                met_date=None if share.amount else purchase.purchased_date,  # a share of less than a cent
            )
            for share in shares
        ]
    Bill.objects.bulk_create(bills, batch_size=1000)
    Instalment.objects.bulk_create(instalments, batch_size=1000)
    return bills
