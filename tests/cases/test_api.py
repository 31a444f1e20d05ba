"""Cases and what is done about them over the API."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.cases.models import Case, Contact, Promise
from tests.cases.conftest import NOON, TODAY
from tests.factories import access
from tests.factories import cases as factory
from tests.factories.customers import customer, reachable

pytestmark = pytest.mark.django_db
PROMISED = {"amount": "600.00", "date": "2026-05-20"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Noon of the business date in Shanghai, when customers may be called."""
    with time_machine.travel(NOON, tick=False):
        yield


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def read(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.json()


def send(client: Client, body: dict[str, Any]) -> Any:
    return client.post("/api/contacts/", body, content_type="application/json")


def test_a_case_comes_with_its_stage_and_amounts(case: Case) -> None:
    found = read(signed_in("anna"), f"/api/cases/{case.reference}/")

    assert found == {
        "reference": "K-C-1-1",
        "customer": "C-1",
        "strategy": "baitiao-standard@1",
        "status": "open",
        "stage": "agent_contact",
        "oldest_due_date": "2026-05-05",
        "overdue_amount": "500.00",
        "balance": "800.00",
        "queue": "agents",
        "owner": None,
        "priority": 300,
        "opened_date": "2026-05-10",
        "stage_date": "2026-05-10",
        "closed_date": None,
        "close_reason": "",
    }


def test_cases_are_filtered_by_stage_owner_and_the_date_of_opening(case: Case) -> None:
    anna = access.person("anna")
    factory.case(customer(reference="C-2"), stage="legal", owner=anna, opened=dt.date(2026, 2, 1))
    client = signed_in("leo")

    def seen(query: str) -> list[str]:
        return [found["reference"] for found in read(client, f"/api/cases/?{query}")["results"]]

    assert seen("") == ["K-C-2-1", "K-C-1-1"]
    assert seen("stage=legal") == ["K-C-2-1"]
    assert seen("owner=anna") == ["K-C-2-1"]
    assert seen("opened_from=2026-02-02") == ["K-C-1-1"]
    assert seen("opened_to=2026-02-01&status=open&queue=agents") == ["K-C-2-1"]
    assert client.get("/api/cases/?status=lost").status_code == 400


def test_a_contact_is_recorded_with_its_promise(case: Case) -> None:
    body = {"case": case.reference, "outcome": "promise", "note": "On pay day.", "promise": PROMISED}

    answer = send(signed_in("anna"), body)

    assert answer.status_code == 201
    made = answer.json()
    assert (made["channel"], made["outcome"], made["recorded_by"]) == ("call", "promise", "anna")
    assert (made["promise"]["amount"], made["promise"]["promised_date"]) == ("600.00", "2026-05-20")
    assert read(signed_in("leo"), "/api/promises/?status=open")["results"] == [made["promise"]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"case": "K-nobody-1"}, "case"),
        ({"outcome": "shouted"}, "outcome"),
        ({"channel": "pigeon"}, "channel"),
        ({"promise": None}, "promise"),
        ({"promise": {"amount": "0", "date": "2026-05-20"}}, "promise"),
        ({"promise": {"amount": "1"}}, "promise"),
        ({"outcome": "no_answer"}, "promise"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_what_cannot_be_a_contact_is_named_by_field(case: Case, change: dict[str, Any], field: str) -> None:
    body = {"case": case.reference, "outcome": "promise", "promise": PROMISED} | change

    answer = send(signed_in("anna"), body)

    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert Contact.objects.count() == 0


def test_the_gate_says_no_at_night(case: Case) -> None:
    anna = signed_in("anna")

    with time_machine.travel(dt.datetime(2026, 5, 10, 15, tzinfo=dt.UTC), tick=False):
        answer = send(anna, {"case": case.reference, "outcome": "no_answer"})

    assert (answer.status_code, answer.json()["code"]) == (409, "gate_cn_quiet_hours")
    assert Contact.objects.count() == 0


def test_a_promise_above_what_is_owed_is_refused(case: Case) -> None:
    promise = {"amount": "1000.01", "date": "2026-05-20"}

    answer = send(signed_in("anna"), {"case": case.reference, "outcome": "promise", "promise": promise})

    assert answer.status_code == 409
    assert "1000.01 is more than the 1000.00 that is owed." in answer.json()["detail"]
    assert Promise.objects.count() == 0


def test_an_auditor_reads_contacts_and_records_none(case: Case) -> None:
    factory.contact(case)
    otto = signed_in("otto")

    refused = send(otto, {"case": case.reference, "outcome": "no_answer"})

    assert len(read(otto, "/api/contacts/")["results"]) == 1
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")


@pytest.mark.parametrize("name", ["cases", "tasks", "contacts", "promises"])
def test_who_may_not_read_cases_is_refused(name: str) -> None:
    answer = signed_in("adam").get(f"/api/{name}/")

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")


@pytest.mark.parametrize("name", ["cases", "tasks", "contacts", "promises"])
def test_an_endpoint_asks_no_more_of_the_database_for_more_rows(closed_until_yesterday: None, name: str) -> None:
    leo = signed_in("leo")
    questions = []
    for number in range(3):
        made = factory.case(reachable(reference=f"C-{number}"), owner=access.person("anna"))
        factory.task(made, due_date=TODAY, owner=access.person("anna"))
        factory.promise(made, "100.00", TODAY)
        with CaptureQueriesContext(connection) as asked:
            read(leo, f"/api/{name}/")
        questions.append(len(asked))

    assert questions[0] == questions[2]
