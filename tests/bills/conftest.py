import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from apps.bills.actions import purchases
from apps.bills.actions.purchases import NewPurchase
from apps.bills.domain.kinds import Mode
from apps.bills.domain.terms import WATERFALL
from apps.bills.models import Bill, Product, ProductTerms
from apps.closing import registry
from apps.closing.actions import days
from apps.closing.domain.result import Result
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day
from apps.core.domain.actor import System
from apps.customers.models import Customer

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


def close_through(date: dt.date, *, since: dt.date | None = None, at: dt.datetime = AT) -> Result:
    """Close every open day with the steps of bills alone: what the apps above add to a night is for their own tests.

    The days before `since` are taken for closed: nights in which nothing would happen.
    """
    if since:
        Day.objects.create(
            date=since - dt.timedelta(1), status=DayStatus.CLOSED, partitions=1, started_at=at, closed_at=at
        )
    ours = {name: step for name, step in registry._steps.items() if name.startswith("bills.")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_steps", ours)
        return days.close_through(date, partitions=1, by=BY, at=at)


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
