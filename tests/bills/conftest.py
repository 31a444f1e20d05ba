import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from apps.bills.actions import purchases
from apps.bills.actions.purchases import NewPurchase
from apps.bills.domain.kinds import Mode
from apps.bills.domain.terms import WATERFALL
from apps.bills.models import Bill, Product, ProductTerms
from apps.core.domain.actor import System
from apps.customers.models import Customer

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


@pytest.fixture
def customer(db: None) -> Customer:
    return Customer.objects.create(reference="C-1", name="Amber Fig", joined_date=dt.date(2026, 1, 1))


@pytest.fixture
def terms(db: None) -> ProductTerms:
    product = Product.objects.create(code="deferred", name="Deferred payment", currency="CNY", mode=Mode.ORDER)
    return ProductTerms.objects.create(
        product=product,
        version=1,
        effective_date=dt.date(2026, 1, 1),
        monthly_fee_rate=Decimal("0.005"),
        late_fee_daily_rate=Decimal("0.0007"),
        waterfall=list(WATERFALL),
        late_fees_in_cap=False,  # the historic late fee of the vectors is above the cap of today
    )


@pytest.fixture
def buy(customer: Customer, terms: ProductTerms) -> Callable[..., Bill]:
    def bought(reference: str, date: dt.date, amount: str, instalments: int = 1) -> Bill:
        new = NewPurchase(reference, customer.pk, terms.pk, date, Decimal(amount), instalments)
        purchases.record_many(purchases=[new], by=BY, at=AT)
        return Bill.objects.get(reference=f"B-{reference}")

    return bought
