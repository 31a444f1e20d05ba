"""Products and their versions: opened, proposed, agreed to, published, and what is refused."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from apps.access.actions import approvals
from apps.access.actions import roles as access_roles
from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.models import ApprovalRequest, AuthorityRule
from apps.bills.actions import products
from apps.bills.domain import conditions
from apps.bills.domain.kinds import Licence, Mode
from apps.bills.models import CostCap, Product, ProductTerms
from apps.bills.queries import products as queries
from apps.core.domain.refusal import Refused
from tests.factories import access
from tests.factories.bills import BY

pytestmark = pytest.mark.django_db
AT = access.AT
TODAY = dt.date(2026, 6, 1)
D = Decimal


@pytest.fixture
def product(db: None) -> Product:
    return products.open_product(
        code="slip", name="Slip", currency="CNY", mode=Mode.ORDER, licence=Licence.MICRO_LOAN, by=BY, at=AT
    )


def said(**changes: Any) -> dict[str, Any]:
    return conditions.DEFAULTS | {"monthly_fee_rate": D("0.005"), "late_fee_daily_rate": D("0.0005")} | changes


def propose(product: Product, *, by: str = "maya", date: dt.date = TODAY, **changes: Any) -> ApprovalRequest:
    return products.propose(
        product=product,
        effective_date=date,
        said=said(**changes),
        business_date=TODAY,
        reason="A fair price.",
        by=access.person(by),
        at=AT,
    )


def approve(request: ApprovalRequest, *usernames: str, at: dt.datetime = AT) -> None:
    for username in usernames or ("dora", "rita"):
        approvals.decide(reference=request.reference, verdict=Verdict.APPROVE, by=access.person(username), at=at)


def publish(product: Product, **changes: Any) -> ProductTerms:
    approve(propose(product, **changes))
    found = queries.latest(product)
    assert found is not None
    return found


def test_a_version_is_published_by_the_director_and_risk_together(product: Product) -> None:
    request = propose(product)
    approve(request, "dora")
    assert not ProductTerms.objects.exists()

    approve(request, "rita")

    version = ProductTerms.objects.get()
    assert (version.version, version.effective_date) == (1, TODAY)
    assert queries.values(version) == said()
    assert queries.terms_in_force(product, TODAY) == version


def test_the_approver_sees_what_changes_what_it_costs_and_the_cap(product: Product) -> None:
    publish(product)

    request = propose(product, monthly_fee_rate=D("0.006"), grace_days=3, late_fee_daily_rate=D("0.0003"))

    assert request.facts == {
        "product": "slip",
        "version": 2,
        "effective_date": "2026-06-01",
        "annual_rate": "13.27 %",
        "cap": "24 %",
        "monthly_fee_rate": "0.5 % → 0.6 %",
        "late_fee_daily_rate": "0.05 % → 0.03 %",
        "grace_days": "0 → 3",
    }


def test_a_contract_keeps_its_version_and_a_later_purchase_takes_the_new_one(product: Product) -> None:
    first = publish(product)
    second = publish(product, date=dt.date(2026, 7, 1), monthly_fee_rate=D("0.004"))

    assert queries.terms_in_force(product, dt.date(2026, 6, 30)) == first
    assert queries.terms_in_force(product, dt.date(2026, 7, 1)) == second
    assert [version.version for version in queries.versions(product)] == [1, 2]


def test_a_version_published_meanwhile_makes_the_request_void(product: Product) -> None:
    waiting = propose(product, monthly_fee_rate=D("0.004"))
    publish(product)

    with pytest.raises(Refused, match="have changed, so it is void"):
        approve(waiting)

    waiting.refresh_from_db()
    assert waiting.status == RequestStatus.VOID


def test_a_cap_that_comes_meanwhile_makes_the_request_void(product: Product) -> None:
    waiting = propose(product)
    CostCap.objects.create(
        licence=Licence.MICRO_LOAN, effective_date=dt.date(2026, 5, 1), annual_rate=D("0.15"), note="Lower."
    )

    with pytest.raises(Refused, match="void"):
        approve(waiting)


def test_a_version_whose_day_has_passed_is_not_published(product: Product) -> None:
    request = propose(product)
    approve(request, "dora")

    with pytest.raises(Refused, match="2026-06-01 is before the business date, 2026-06-03."):
        approve(request, "rita", at=AT + dt.timedelta(2))

    request.refresh_from_db()
    assert request.status == RequestStatus.REQUESTED


def test_the_maker_never_decides_their_own_version(product: Product) -> None:
    request = propose(product, by="rita")

    with pytest.raises(Refused, match="Whoever made a request never decides it"):
        approve(request, "rita")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"deferred_days": 61}, "Days deferred: 61 is above 60."),
        ({"due_days": -1}, "Days to pay a statement: -1 is below zero."),
        ({"statement_day": 32}, "Day of the statement: 32 is above 31."),
        ({"grace_days": 1.5}, "Days of grace: 1.5 is not a number."),
        ({"monthly_fee_rate": D("-0.001")}, "Instalment fee a month: -0.001 is below zero."),
        ({"late_fee_daily_rate": D("0.0000001")}, "Late fee a day: 1E-7 has more than 6 decimals."),
        ({"minimum_rate": D("1.1")}, "Minimum of a statement: 1.1 is above 1."),
        ({"late_fee_daily_floor": D("0.015")}, "Late fee at least a day: 0.015 has more than 2 decimals."),
        ({"early_repayment_minimum": D("10.001")}, "Least early repayment: 10.001 has more than 2 decimals."),
        ({"early_repayment_minimum": D("NaN")}, "Least early repayment: NaN is not a number."),
        ({"instalment_counts": [3, 61]}, "are not whole numbers from 2 to 60, each once, in order."),
        ({"instalment_counts": [6, 3]}, "are not whole numbers from 2 to 60, each once, in order."),
        ({"instalment_counts": [3, 3]}, "are not whole numbers from 2 to 60, each once, in order."),
        ({"waterfall": ["principal"]}, "does not name cost, late fee, instalment fee and principal once each."),
        ({"early_settlement": "never"}, "Settled early: never is not one of the values it may have."),
        ({"late_fees_in_cap": "yes"}, "Late fees count inside the cap: yes is not one of the values it may have."),
        ({"principal_first_after_days": -1}, "Principal first after days past due: -1 is below zero"),
        ({"monthly_fee_rate": D("0.012")}, "12 instalments at 1.2 % a month cost 25.60 % a year, above the cap of"),
        ({"late_fee_daily_rate": D("0.0007")}, "A late fee of 0.07 % a day costs 25.55 % a year, above the cap of"),
    ],
)  # fmt: skip
def test_conditions_that_may_not_be_are_refused_by_name(
    product: Product, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        propose(product, **changes)

    assert sentence in refused.value.sentence
    assert not ApprovalRequest.objects.exists()


def test_a_version_begins_on_the_business_date_or_later_and_after_the_last(product: Product) -> None:
    with pytest.raises(Refused, match="2026-05-31 is before the business date, 2026-06-01."):
        propose(product, date=dt.date(2026, 5, 31))
    publish(product, date=dt.date(2026, 7, 1))

    with pytest.raises(Refused, match="2026-06-30 is before version 1 begins, on 2026-07-01."):
        propose(product, date=dt.date(2026, 6, 30), grace_days=3)
    with pytest.raises(Refused, match="Nothing differs from version 1."):
        propose(product, date=dt.date(2026, 8, 1))


def test_a_price_within_the_cap_of_its_day_may_be_above_the_next_and_says_so(product: Product) -> None:
    found = queries.costing(queries.terms_of(product, said(monthly_fee_rate=D("0.01"))), TODAY)

    assert found.highest is not None
    assert found.highest.annual_rate == D("0.215712")
    assert not found.is_above(found.highest.annual_rate)
    assert found.above_later


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "Slip"}, "“Slip” is not a code of small letters"),
        ({"currency": "yuan"}, "“yuan” is not a currency of three capital letters."),
        ({"code": "slip"}, "There is a product slip already."),
    ],
)
def test_a_product_needs_a_new_code_and_a_currency(product: Product, changes: dict[str, Any], sentence: str) -> None:
    words = {"code": "other", "name": "Other", "currency": "CNY", "mode": Mode.ORDER, "licence": Licence.MICRO_LOAN}

    with pytest.raises(Refused, match=sentence):
        products.open_product(**(words | changes), by=BY, at=AT)


def test_an_action_that_a_matrix_does_not_know_yet_gets_its_shipped_lines() -> None:
    AuthorityRule.objects.filter(action=products.ACTION).delete()

    assert access_roles.install(by=BY, at=AT) == [f"authority over {products.ACTION}"]

    assert AuthorityRule.objects.get(action=products.ACTION).approvers == ["director", "risk_analyst"]


def test_values_survive_the_way_through_json() -> None:
    assert conditions.from_text(conditions.as_text(said())) == said()
