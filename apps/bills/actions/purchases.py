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
from apps.bills.models import Bill, Instalment, Purchase
from apps.bills.queries import caps, facts, products
from apps.core.domain.actor import Actor


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
