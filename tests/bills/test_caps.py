"""The cap on the annual cost, in the book: shipped rows, purchases and plans above it."""

import datetime as dt
from decimal import Decimal

import pytest

from apps.bills.actions import caps as actions
from apps.bills.actions import purchases
from apps.bills.actions.purchases import NewPurchase
from apps.bills.domain.kinds import Licence, Mode
from apps.bills.domain.price import Cap
from apps.bills.models import CostCap, Product, ProductTerms, Purchase
from apps.bills.queries import caps, products
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.factories import bills
from tests.factories.bills import AT, BY

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 4, 10)


def buy(customer: Customer, terms: ProductTerms, *, date: dt.date = DAY, instalments: int = 1) -> None:
    new = NewPurchase("P-1", customer.pk, terms.pk, date, Decimal("1000.00"), instalments)
    purchases.record_many(purchases=[new], by=BY, at=AT)


def test_the_shipped_caps_are_rows_and_stay_as_the_operator_left_them() -> None:
    first, later = dt.date(2026, 1, 1), dt.date(2027, 12, 31)
    assert caps.in_force(Licence.MICRO_LOAN, dt.date(2025, 12, 31)) is None
    assert caps.in_force(Licence.MICRO_LOAN, DAY) == Cap(first, Decimal("0.24"))
    assert caps.in_force(Licence.MICRO_LOAN, later) == Cap(later, Decimal("0.12"))
    assert caps.in_force(Licence.CONSUMER_FINANCE, later) == Cap(first, Decimal("0.24"))
    assert caps.in_force(Licence.PRIVATE_LENDING, DAY) == Cap(first, Decimal("0.12"))
    assert actions.install(by=BY, at=AT, using="default") == 0


def test_a_purchase_above_the_cap_is_refused_with_what_it_would_cost(customer: Customer) -> None:
    terms = bills.terms(monthly_fee_rate=Decimal("0.012"))

    with pytest.raises(Refused) as refused:
        buy(customer, terms, instalments=12)

    assert refused.value.code == "above_cap"
    assert refused.value.sentence == (
        "12 instalments at 1.2 % a month cost 25.60 % a year, above the cap of 24 % (since 2026-01-01)."
    )
    assert not Purchase.objects.exists()


def test_what_is_above_the_cap_in_twelve_may_be_bought_in_three_or_deferred(customer: Customer) -> None:
    terms = bills.terms(monthly_fee_rate=Decimal("0.012"))

    buy(customer, terms, instalments=3)

    assert Purchase.objects.get().instalments == 3


def test_a_late_fee_above_the_cap_is_refused_unless_it_lies_outside(customer: Customer) -> None:
    dear = bills.terms(late_fee_daily_rate=Decimal("0.0007"), late_fees_in_cap=True)

    with pytest.raises(Refused, match="A late fee of 0.07 % a day costs 25.55 % a year, above the cap of 24 %"):
        buy(customer, dear)

    buy(customer, bills.terms(late_fee_daily_rate=Decimal("0.0007"), late_fees_in_cap=False))


def test_a_price_of_the_past_stands_until_the_cap_begins(customer: Customer) -> None:
    terms = bills.terms(monthly_fee_rate=Decimal("0.010"), effective_date=dt.date(2025, 1, 1))

    with pytest.raises(Refused, match="21.46 % a year, above the cap of 12 % .since 2027-12-31"):
        buy(customer, terms, date=dt.date(2027, 12, 31), instalments=12)
    buy(customer, terms, date=dt.date(2027, 12, 30), instalments=12)


def test_a_licence_has_its_own_cap(customer: Customer) -> None:
    terms = bills.terms(monthly_fee_rate=Decimal("0.006"))
    Product.objects.filter(pk=terms.product_id).update(licence=Licence.PRIVATE_LENDING)

    with pytest.raises(Refused, match="above the cap of 12 %"):
        buy(customer, terms, instalments=12)


def test_a_revolving_fee_above_the_cap_is_refused(customer: Customer) -> None:
    terms = bills.terms(Mode.STATEMENT, revolving_daily_rate=Decimal("0.0007"))

    with pytest.raises(Refused, match="A revolving fee of 0.07 % a day costs 25.55 % a year"):
        buy(customer, terms)


@pytest.mark.parametrize("count", [0, 2, 5, 36])
def test_instalments_that_are_not_offered_are_refused(customer: Customer, count: int) -> None:
    with pytest.raises(Refused, match=f"{count} instalments are not offered, only 1, 3, 6, 12, 24."):
        buy(customer, bills.terms(), instalments=count)


def test_the_counts_on_offer_are_the_versions_own(customer: Customer) -> None:
    buy(customer, bills.terms(instalment_counts=[2, 36]), instalments=36)

    assert Purchase.objects.get().instalments == 36


def test_a_plan_above_the_cap_is_refused_and_one_within_tells_its_price() -> None:
    dear, fair = [Decimal("93.33")] * 12, [Decimal("88.33")] * 12

    with pytest.raises(Refused, match="The plan of 12 payments costs .* a year, above the cap of 12 %"):
        caps.check_plan(Licence.PRIVATE_LENDING, DAY, Decimal("1000.00"), dear)

    found = caps.check_plan(Licence.PRIVATE_LENDING, DAY, Decimal("1000.00"), fair)
    assert Decimal("0.10") < found.annual_rate < Decimal("0.12")


def test_the_version_in_force_is_the_latest_that_has_begun() -> None:
    first = bills.terms(effective_date=dt.date(2026, 1, 1))
    second = bills.terms(effective_date=dt.date(2026, 6, 1))
    third = bills.terms(effective_date=dt.date(2026, 6, 1))

    assert products.terms_in_force(first.product, dt.date(2025, 12, 31)) is None
    assert products.terms_in_force(first.product, dt.date(2026, 5, 31)) == first
    assert products.terms_in_force(first.product, dt.date(2026, 6, 1)) == third
    assert list(products.versions(first.product)) == [first, second, third]
    assert CostCap.objects.filter(licence=Licence.MICRO_LOAN).count() == 2
