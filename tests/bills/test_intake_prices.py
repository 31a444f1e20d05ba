"""A portfolio's products with all their conditions, and what of it costs more than the cap."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from apps.bills.actions import intake
from apps.bills.models import Instalment, Product, ProductTerms, Purchase
from tests.bills.portfolios import example, folder, refusals, take

pytestmark = pytest.mark.django_db
HEADER = "code,name,currency,mode,effective_date,monthly_fee_rate,late_fee_daily_rate"
MORE = (
    "licence,instalment_counts,grace_days,early_repayment_minimum,early_settlement,principal_first_after_days,"
    "revolving_daily_rate,late_fees_in_cap"
)
MONTHLY = "monthly,One bill a month,CNY,statement,2026-01-01,,0.0005"


def refused(made: Path) -> list[tuple[str, int, str, str]]:
    with pytest.raises(intake.Turned) as caught:
        take(made)
    assert not Product.objects.exists()
    return refusals(caught.value)


def test_every_condition_can_be_given(tmp_path: Path) -> None:
    more = "consumer_finance,3 6,5,20.00,full_fee,90,0.0005,no"
    less = f"{MONTHLY},,,,,,,,"
    row = "pay-later,Pay later,CNY,order,2026-01-01,0.005,0.0007"

    take(folder(tmp_path, products=f"{HEADER},{MORE}\n{row},{more}\n{less}\n"))

    terms = ProductTerms.objects.get(product__code="pay-later")
    assert terms.product.licence == "consumer_finance"
    assert terms.instalment_counts == [3, 6]
    assert (terms.grace_days, terms.early_repayment_minimum) == (5, Decimal("20.00"))
    assert (terms.early_settlement, terms.principal_first_after_days) == ("full_fee", 90)
    assert (terms.revolving_daily_rate, terms.late_fees_in_cap) == (Decimal("0.0005"), False)
    assert set(Instalment.objects.filter(bill__terms=terms).values_list("grace_days", flat=True)) == {5}
    standard = ProductTerms.objects.get(product__code="monthly")
    assert (standard.product.licence, standard.instalment_counts) == ("micro_loan", [3, 6, 12, 24])
    assert (standard.grace_days, standard.principal_first_after_days) == (0, None)
    assert standard.late_fees_in_cap


def test_the_same_conditions_twice_are_known_and_others_are_named(tmp_path: Path) -> None:
    row = "pay-later,Pay later,CNY,order,2026-01-01,0.005,0.0005,micro_loan,1 3 6,5,10.00,begun_periods,,0,yes"
    first = folder(tmp_path, products=f"{HEADER},{MORE}\n{row}\n{MONTHLY},,,,,,,,\n")
    take(first)

    assert take(first).created == 0
    (first / "products.csv").write_text(f"{HEADER},{MORE}\n{row.replace(',5,', ',6,')}\n{MONTHLY},,,,,,,,\n")
    with pytest.raises(intake.Turned) as caught:
        take(first)

    assert refusals(caught.value) == [
        ("products.csv", 2, "grace_days", "it is known with other content: the book has 5")
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("0.012,0", "monthly_fee_rate", "it costs 25.60 % a year in 12 instalments, above 24 %"),
        ("0.005,0.0007", "late_fee_daily_rate", "it costs 25.55 % a year late, above 24 %"),
    ],
)
def test_a_product_above_the_cap_is_named(tmp_path: Path, row: str, column: str, reason: str) -> None:
    products = f"{HEADER}\npay-later,Pay later,CNY,order,2026-01-01,{row}\n{MONTHLY}\n"

    assert ("products.csv", 2, column, reason) in refused(folder(tmp_path, products=products))


def test_a_price_from_before_the_cap_stands_but_not_for_a_purchase_after_it(tmp_path: Path) -> None:
    products = f"{HEADER}\npay-later,Pay later,CNY,order,2020-01-01,0.012,0.0007\n{MONTHLY}\n"

    found = refused(folder(tmp_path, products=products))

    assert found == [
        ("purchases.csv", 2, "product", "it costs 25.55 % a year late, above 24 %"),
        ("purchases.csv", 3, "product", "it costs 25.55 % a year late, above 24 %"),
    ]


def test_instalments_that_are_not_offered_are_named(tmp_path: Path) -> None:
    purchases = example("purchases").replace("1000.00,3,", "1000.00,5,")

    assert refused(folder(tmp_path, purchases=purchases)) == [
        ("purchases.csv", 3, "instalments", "5 are not offered, only 1 3 6 12 24")
    ]


@pytest.mark.parametrize("counts", ["3 3", "6 3", "61", "3,6", "0", "x"])
def test_counts_that_are_none_are_named(tmp_path: Path, counts: str) -> None:
    row = f'pay-later,Pay later,CNY,order,2026-01-01,0,0,,"{counts}",,,,,,'

    found = refused(folder(tmp_path, products=f"{HEADER},{MORE}\n{row}\n{MONTHLY},,,,,,,,\n"))

    reason = f"“{counts}” are not numbers of instalments from 1 to 60, each once, in order"
    assert ("products.csv", 2, "instalment_counts", reason) in found


def test_the_example_and_its_purchases_are_within_the_cap(tmp_path: Path) -> None:
    take(folder(tmp_path))

    assert Purchase.objects.filter(purchased_date__gte=dt.date(2026, 1, 1)).count() == 4
