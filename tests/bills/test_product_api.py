"""Products over the API and from the shell."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from apps.access.models import ApprovalRequest
from apps.bills.models import ProductTerms
from tests.bills.test_views import signed_in
from tests.factories import bills

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def first(db: None) -> ProductTerms:
    return bills.terms(monthly_fee_rate=D("0.005"), late_fee_daily_rate=D("0.0005"), late_fees_in_cap=True)


def ask(client: Client, **said: object) -> tuple[int, dict[str, object]]:
    body = {"effective_date": timezone.localdate().isoformat(), "reason": "Competition."} | said
    answer = client.post("/api/products/order/versions/", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_product_comes_with_its_versions_and_their_prices(first: ProductTerms) -> None:
    found = signed_in("anna").get("/api/products/order/").json()

    (version,) = found.pop("versions")
    assert found == {
        "code": "order", "name": "order", "currency": "CNY", "mode": "order", "licence": "micro_loan",
    }  # fmt: skip
    assert (version["version"], version["monthly_fee_rate"], version["grace_days"]) == (1, "0.005000", 0)
    assert version["prices"][-1] == {
        "charge": "late_fee", "instalments": 0, "rate": "0.000500", "annual_rate": "0.182500",
    }  # fmt: skip
    assert [price["instalments"] for price in version["prices"]] == [3, 6, 12, 24, 0]


def test_a_version_is_asked_for_with_what_changes_alone(first: ProductTerms) -> None:
    code, answer = ask(signed_in("rita"), grace_days=3, principal_first_after_days=90)

    request = ApprovalRequest.objects.get()
    assert (code, answer) == (201, {"reference": request.reference, "status": "requested"})
    assert request.payload["conditions"]["grace_days"] == 3
    assert request.payload["conditions"]["monthly_fee_rate"] == "0.005000"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"monthly_fee_rate": "0.012"}, 409),
        ({"deferred_days": 61}, 409),
        ({"late_fee_daily_rate": "-0.0001"}, 409),
        ({"instalment_counts": [3, 3]}, 409),
        ({"effective_date": "2020-01-01"}, 409),
        ({}, 409),
        ({"early_repayment_minimum": "10.001"}, 400),
        ({"monthly_fee_rate": "0.0000001"}, 400),
        ({"early_settlement": "never"}, 400),
        ({"reason": ""}, 400),
    ],
)
def test_a_version_that_may_not_be_is_refused(first: ProductTerms, said: dict[str, object], code: int) -> None:
    assert ask(signed_in("rita"), **said)[0] == code
    assert not ApprovalRequest.objects.exists()


def test_an_agent_reads_products_and_asks_for_none(first: ProductTerms) -> None:
    client = signed_in("anna")

    assert len(client.get("/api/products/").json()["results"]) == 1
    assert ask(client, grace_days=3)[0] == 403


def test_the_shell_lists_products_as_a_table_or_as_json(
    first: ProductTerms, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("products", "--json")
    (found,) = json.loads(capsys.readouterr().out)["products"]
    assert (found["code"], found["version"], found["annual_rate"], found["cap"]) == ("order", 1, "18.25 %", "24 %")

    call_command("products")
    assert "18.25 %" in capsys.readouterr().out
