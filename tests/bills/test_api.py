"""Customers, bills and money over the API."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.bills.models import Bill, Repayment
from apps.customers.domain.contact import ContactKind
from apps.customers.models import ContactPoint, Customer
from tests.factories import access, customers

pytestmark = pytest.mark.django_db
Buy = Callable[..., Bill]


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def read(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.json()


def send(client: Client, body: dict[str, str], **headers: str) -> Any:
    return client.post("/api/repayments/", body, content_type="application/json", headers=headers)


@pytest.fixture
def bill(buy: Buy) -> Bill:
    return buy("P1", dt.date(2026, 4, 10), "1000.00", 3)


def test_a_customer_comes_with_the_standing_and_masked_contact_points(customer: Customer, bill: Bill) -> None:
    customers.line(customer)
    ContactPoint.objects.create(customer=customer, kind=ContactKind.EMAIL, value="amber@example.test")

    assert read(signed_in("anna"), "/api/customers/C-1/") == {
        "reference": "C-1",
        "name": "A**",
        "identity": "",
        "language": "zh-hans",
        "time_zone": "Asia/Shanghai",
        "joined_date": "2026-01-01",
        "currency": "CNY",
        "limit": "5000.00",
        "balance": "1015.00",
        "credit_balance": "0.00",
        "oldest_due_date": None,
        "late_since_date": None,
        "bucket": "M0",
        "contact_points": [
            {
                "id": customer.contact_points.get().pk,
                "kind": "email",
                "value": "a****@example.test",
                "is_valid": True,
                "consented_date": None,
            },
        ],
    }


def test_a_customer_without_an_account_owes_nothing(customer: Customer) -> None:
    found = read(signed_in("anna"), "/api/customers/C-1/")

    assert (found["balance"], found["limit"], found["bucket"]) == ("0.00", None, "M0")


def test_a_bill_comes_with_its_instalments(bill: Bill) -> None:
    found = read(signed_in("anna"), "/api/bills/B-P1/")

    assert (found["customer"], found["owed"], found["settled_date"]) == ("C-1", "1015.00", None)
    assert [(i["due_date"], i["amount"]) for i in found["instalments"]] == [
        ("2026-05-10", "338.33"),
        ("2026-06-10", "338.33"),
        ("2026-07-10", "338.34"),
    ]


def test_the_ledger_is_filtered_by_kind(bill: Bill) -> None:
    send(signed_in("leo"), {"reference": "R1", "customer": "C-1", "amount": "10.00", "received_date": "2026-04-11"})

    found = read(signed_in("anna"), "/api/ledger-entries/?customer=C-1&kind=payment")["results"]

    assert [(e["component"], e["amount"], e["repayment"]) for e in found] == [
        ("principal", "-5.00", "R1"),
        ("instalment_fee", "-5.00", "R1"),
    ]


def test_pages_lead_on_by_key(customer: Customer, buy: Buy) -> None:
    for number in range(3):
        buy(f"P{number}", dt.date(2026, 4, 10), "100.00")
    anna = signed_in("anna")

    first = read(anna, "/api/bills/?limit=2")
    second = read(anna, first["next"])

    seen = [bill["reference"] for page in (first, second) for bill in page["results"]]
    assert seen == ["B-P2", "B-P1", "B-P0"]
    assert second["next"] is None


def test_the_same_reference_twice_is_the_same_repayment(customer: Customer, bill: Bill) -> None:
    leo = signed_in("leo")
    body = {"reference": "R1", "customer": "C-1", "amount": "100.00", "received_date": "2026-05-01"}

    answers = [send(leo, body), send(leo, body)]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert Repayment.objects.count() == 1


def test_the_header_serves_as_the_reference(customer: Customer, bill: Bill) -> None:
    body = {"customer": "C-1", "amount": "100.00", "received_date": "2026-05-01"}

    answer = send(signed_in("leo"), body, **{"Idempotency-Key": "R-7"})

    assert (answer.status_code, answer.json()["reference"]) == (201, "R-7")


def test_the_same_reference_with_other_content_is_a_conflict(customer: Customer, bill: Bill) -> None:
    leo = signed_in("leo")
    body = {"reference": "R1", "customer": "C-1", "amount": "100.00", "received_date": "2026-05-01"}
    send(leo, body)

    answers = [send(leo, body | change) for change in ({"amount": "100.01"}, {"bill": "B-P1"})]

    refusal = {"code": "reference_taken", "detail": "Repayment R1 is known with other content."}
    assert [(answer.status_code, answer.json()) for answer in answers] == [(409, refusal)] * 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "1.234"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "Infinity"}, "amount"),
        ({"bill": "B-nothing"}, "bill"),
        ({"received_date": "2026-02-30"}, "received_date"),
        ({"reference": ""}, "reference"),
        ({"reference": "R" * 41}, "reference"),
    ],
)
def test_what_cannot_be_a_repayment_is_named_by_field(
    customer: Customer, bill: Bill, change: dict[str, str], field: str
) -> None:
    body = {"reference": "R1", "customer": "C-1", "amount": "100.00", "received_date": "2026-05-01"} | change

    answer = send(signed_in("leo"), body)

    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert Repayment.objects.count() == 0


def test_two_references_that_differ_are_none(customer: Customer, bill: Bill) -> None:
    body = {"reference": "R1", "customer": "C-1", "amount": "100.00", "received_date": "2026-05-01"}

    answer = send(signed_in("leo"), body, **{"Idempotency-Key": "R2"})

    assert answer.json() == {"reference": ["The reference and the Idempotency-Key differ."]}


def test_a_date_after_the_business_date_is_refused(customer: Customer, bill: Bill) -> None:
    body = {"reference": "R1", "customer": "C-1", "amount": "100.00", "received_date": "2999-01-01"}

    answer = send(signed_in("leo"), body)

    assert (answer.status_code, answer.json()["code"]) == (409, "date_after_business_date")
    assert Repayment.objects.count() == 0


def test_an_agent_reads_repayments_and_records_none(customer: Customer, bill: Bill) -> None:
    anna = signed_in("anna")
    body = {"reference": "R1", "customer": "C-1", "amount": "100.00", "received_date": "2026-05-01"}

    refused = send(anna, body)

    assert read(anna, "/api/repayments/")["results"] == []
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    assert Repayment.objects.count() == 0


@pytest.mark.parametrize("name", ["customers", "credit-lines", "bills", "repayments", "ledger-entries"])
def test_who_may_not_read_the_book_is_refused(name: str) -> None:
    answer = signed_in("adam").get(f"/api/{name}/")

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")


@pytest.mark.parametrize("name", ["customers", "credit-lines", "bills", "repayments", "ledger-entries"])
def test_an_endpoint_asks_no_more_of_the_database_for_more_rows(customer: Customer, buy: Buy, name: str) -> None:
    leo = signed_in("leo")
    questions = []
    for number in range(3):
        other = Customer.objects.create(reference=f"X-{number}", name="Elm", joined_date=dt.date(2026, 1, 1))
        customers.line(other, reference=f"L-{number}")
        ContactPoint.objects.create(customer=other, kind=ContactKind.PHONE, value="13812341234")
        buy(f"P{number}", dt.date(2026, 4, 10), "100.00", 3)
        body = {"customer": "C-1", "amount": "10.00", "received_date": "2026-04-11"}
        send(leo, body, **{"Idempotency-Key": f"R{number}"})
        with CaptureQueriesContext(connection) as asked:
            read(leo, f"/api/{name}/")
        questions.append(len(asked))

    assert questions[0] == questions[2]
