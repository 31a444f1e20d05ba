"""Purchases, statements and repayments for tests, booked by the product's own actions."""

import datetime as dt
from decimal import Decimal
from itertools import count

from apps.audit import actions as audit
from apps.bills.actions import posting, purchases, repayments
from apps.bills.actions.purchases import NewPurchase
from apps.bills.actions.repayments import NewRepayment
from apps.bills.domain.kinds import Mode
from apps.bills.domain.terms import WATERFALL
from apps.bills.models import Bill, Product, ProductTerms, Repayment
from apps.core.domain.actor import System
from apps.customers.models import Customer

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)
numbers = count(1)


def terms(mode: Mode = Mode.ORDER, **conditions: object) -> ProductTerms:
    """The conditions of a product of this mode."""
    product, _ = Product.objects.get_or_create(code=mode, defaults={"name": mode, "currency": "CNY", "mode": mode})
    version = product.terms.count() + 1
    return ProductTerms.objects.create(
        **{
            "product": product,
            "version": version,
            "effective_date": dt.date(2026, 1, 1),
            "minimum_rate": Decimal("0.10") if mode is Mode.STATEMENT else Decimal(1),
            "statement_day": 0 if mode is Mode.STATEMENT else 1,  # ours come from `statement`
            "waterfall": list(WATERFALL),
            "early_repayment_minimum": Decimal(0),
            "late_fees_in_cap": False,  # the historic late fee of the vectors is above the cap of today
            **conditions,
        }
    )


def bought(customer: Customer, terms: ProductTerms, date: dt.date, amount: str, instalments: int = 1) -> Bill:
    """A purchase in order mode and its bill."""
    reference = f"P{next(numbers)}"
    new = NewPurchase(reference, customer.pk, terms.pk, date, Decimal(amount), instalments)
    purchases.record_many(purchases=[new], by=BY, at=AT)
    return Bill.objects.get(reference=f"B-{reference}")


def statement(customer: Customer, terms: ProductTerms, date: dt.date, principal: str) -> Bill:
    """A month's statement of this much that is new."""
    with audit.operation("test.statement", by=BY, at=AT):
        bill = Bill.objects.create(
            reference=f"S{next(numbers)}",
            customer=customer,
            terms=terms,
            issued_date=date,
            principal=Decimal(principal),
            open_principal=Decimal(principal),
        )
        posting.post(customers=[customer.pk], by=BY, at=AT)
    return bill


def paid(customer: Customer, date: dt.date, amount: str) -> Repayment:
    """Money received."""
    reference = f"R{next(numbers)}"
    repayments.record_many(repayments=[NewRepayment(reference, customer.pk, date, Decimal(amount))], by=BY, at=AT)
    return Repayment.objects.get(reference=reference)
