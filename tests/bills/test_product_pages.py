"""The pages of products: the list, versions side by side, opening one, proposing conditions and the preview."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.access.models import ApprovalRequest
from apps.bills.domain.kinds import Mode
from apps.bills.models import Product, ProductTerms
from tests.bills.test_views import read, signed_in
from tests.factories import bills

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def first(db: None) -> ProductTerms:
    return bills.terms(monthly_fee_rate=D("0.005"), late_fee_daily_rate=D("0.0005"), late_fees_in_cap=True)


def values(**changes: str) -> dict[str, str]:
    """What the form of a product that bills each purchase sends."""
    return {
        "effective_date": timezone.localdate().isoformat(),
        "deferred_days": "30",
        "monthly_fee_rate": "0.6",
        "instalment_counts": "3, 6, 12",
        "late_fee_daily_rate": "0.05",
        "late_fee_daily_floor": "0.01",
        "late_fees_in_cap": "on",
        "grace_days": "3",
        "waterfall": "cost late_fee interest instalment_fee principal",
        "principal_first_after_days": "",
        "early_repayment_minimum": "10.00",
        "early_settlement": "begun_periods",
        "reason": "Competition.",
        "sample_amount": "1000.00",
        "sample_instalments": "3",
    } | changes


def propose(client: Client, product: Product, **changes: str) -> str:
    answer = client.post(reverse("bills:propose_terms", args=(product.code,)), values(**changes), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_names_the_version_in_force_and_the_dearest_price_against_the_cap(first: ProductTerms) -> None:
    page = read(signed_in("anna"), "bills:products")

    assert "order" in page
    assert "18.25 %" in page
    assert "24 %" in page
    assert "Open a product" not in page


def test_the_list_takes_as_many_statements_for_three_products_as_for_one(first: ProductTerms) -> None:
    client = signed_in("anna")
    read(client, "bills:products")
    with CaptureQueriesContext(
        connection,
    ) as one:
        read(client, "bills:products")
    for number in range(2):
        product = Product.objects.create(code=f"more-{number}", name="More", currency="CNY", mode=Mode.ORDER)
        bills.terms(product=product)

    with CaptureQueriesContext(connection) as three:
        read(client, "bills:products")

    assert len(three) == len(one)


def test_versions_stand_side_by_side_and_what_differs_is_marked(first: ProductTerms) -> None:
    bills.terms(product=first.product, monthly_fee_rate=D("0.012"), effective_date=dt.date(2030, 1, 1))

    page = read(signed_in("theo"), "bills:product", first.product.code)

    assert page.index("Version 2") < page.index("Version 1")
    assert "<mark>1.2 %</mark>" in page
    assert "25.60 %" in page
    assert "above the cap" in page


def test_a_product_without_a_version_says_that_nobody_can_buy(db: None) -> None:
    Product.objects.create(code="empty", name="Empty", currency="CNY", mode=Mode.ORDER)

    assert "nobody can buy under this product yet" in read(signed_in("anna"), "bills:product", "empty")
    assert "empty" in read(signed_in("anna"), "bills:products")


def test_a_risk_analyst_opens_a_product_and_goes_on_to_its_conditions(db: None) -> None:
    client = signed_in("rita")
    said = {"code": "slip", "name": "Slip", "currency": "CNY", "mode": "order", "licence": "micro_loan"}

    page = client.post(reverse("bills:new_product"), said, follow=True).content.decode()

    assert "New conditions of Slip" in page
    assert "already" in client.post(reverse("bills:new_product"), said).content.decode()


def test_a_proposal_becomes_a_request_with_the_values_that_were_typed(first: ProductTerms) -> None:
    page = propose(signed_in("rita"), first.product)

    request = ApprovalRequest.objects.get()
    assert request.reference in page
    assert request.payload["conditions"]["monthly_fee_rate"] == "0.006"
    assert request.payload["conditions"]["instalment_counts"] == [3, 6, 12]
    assert request.facts["monthly_fee_rate"] == "0.5 % → 0.6 %"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"monthly_fee_rate": "1.2"}, "12 instalments at 1.2 % a month cost 25.60 % a year, above the cap of 24 %"),
        ({"deferred_days": "61"}, "less than or equal to 60"),
        ({"monthly_fee_rate": "-0.1"}, "greater than or equal to 0"),
        ({"monthly_fee_rate": "0.00001"}, "no more than 4 decimal places"),
        ({"instalment_counts": "3; 6x"}, "Whole numbers with commas between them."),
        ({"instalment_counts": "3, 90"}, "are not whole numbers from 2 to 60"),
        ({"early_repayment_minimum": "10.001"}, "no more than 2 decimal places"),
        ({"effective_date": "2020-01-01"}, "2020-01-01 is before the business date"),
    ],
)
def test_a_proposal_that_may_not_be_says_why_and_loses_nothing(
    first: ProductTerms, changes: dict[str, str], said: str
) -> None:
    page = propose(signed_in("rita"), first.product, **changes)

    assert said in page
    assert "Competition." in page
    assert not ApprovalRequest.objects.exists()


def test_the_preview_follows_what_is_typed_and_says_when_it_cannot(first: ProductTerms) -> None:
    client = signed_in("rita")

    page = read(client, "bills:preview_terms", first.product.code, **values(monthly_fee_rate="0.5"))
    assert page.count("338.33") >= 2
    assert "338.34" in page
    assert "8.98 %" in page
    assert "<html" not in page

    assert "cannot be read yet" in read(client, "bills:preview_terms", first.product.code, **values(grace_days="x"))


def test_the_preview_warns_of_the_next_cap(first: ProductTerms) -> None:
    page = read(signed_in("rita"), "bills:preview_terms", first.product.code, **values(monthly_fee_rate="1"))

    assert "Above the cap of 12 % from 2027-12-31" in page


def test_without_scripts_a_button_shows_the_preview_and_asks_for_nothing(first: ProductTerms) -> None:
    page = propose(signed_in("rita"), first.product, preview="1", sample_amount="2000.00")

    assert "2,000.00" in page
    assert not ApprovalRequest.objects.exists()


def test_a_statements_form_asks_what_a_statement_needs(db: None) -> None:
    terms = bills.terms(Mode.STATEMENT)

    page = read(signed_in("rita"), "bills:propose_terms", terms.product.code)

    assert 'name="revolving_daily_rate"' in page
    assert 'name="deferred_days"' not in page


def test_who_may_not_propose_is_told_so(first: ProductTerms) -> None:
    for name, words in (("new_product", ()), ("propose_terms", ("order",)), ("preview_terms", ("order",))):
        assert signed_in("anna").get(reverse(f"bills:{name}", args=words)).status_code == 403
