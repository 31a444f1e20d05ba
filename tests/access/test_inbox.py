"""The approvals inbox: on its pages and over the API, with the same rows for the same filters."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.access import registry
from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.models import ApprovalRequest, Team
from tests.factories.access import person

pytestmark = pytest.mark.django_db
ACTION = "bills.write_off"


@pytest.fixture(autouse=True)
def writing_off() -> Any:
    before = dict(registry._controlled)
    registry.controlled(
        ACTION, label="Write off", facts=lambda payload: {"fees_only": True}, execute=lambda request, *, by, at: None
    )
    yield
    registry._controlled.clear()
    registry._controlled.update(before)


def ask(amount: str = "100.00", by: str = "anna", customer: str = "C-1") -> ApprovalRequest:
    return approvals.request(
        action=ACTION, subject=Subject("bills.bill", "B-1", customer), amount=Decimal(amount), payload={},
        reason="Goodwill", by=person(by), at=timezone.now(),
    )  # fmt: skip


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


def test_a_page_and_an_endpoint_show_the_same_rows() -> None:
    asked = [ask(customer=f"C-{n}") for n in range(3)]
    client = signed_in("leo")

    page = client.get("/approvals/?scope=mine&customer=C-1")
    answer = client.get("/api/approvals/?scope=mine&customer=C-1").json()

    assert [row["reference"] for row in answer["results"]] == [asked[1].reference]
    assert [found.reference for found, _ in page.context["rows"]] == [asked[1].reference]


def test_a_team_is_who_reports_to_one_and_who_is_in_it() -> None:
    team = Team.objects.create(code="north", name="North")
    person("leo", team=team)
    person("tom", team=team)
    reported, of_team, own = ask(customer="C-1"), ask(by="tom", customer="C-2"), ask(by="leo", customer="C-3")
    ask(by="maya", customer="C-4")

    answer = signed_in("leo").get("/api/approvals/?scope=team").json()

    assert [row["reference"] for row in answer["results"]] == [of_team.reference, reported.reference]
    assert own.reference not in str(answer)


@pytest.mark.parametrize(("who", "waiting"), [("leo", True), ("maya", False), ("anna", None), ("otto", False)])
def test_what_waits_for_whom(who: str, waiting: bool | None) -> None:
    ask()

    answer = signed_in(who).get("/api/approvals/?scope=mine")

    assert (answer.status_code == 403) if waiting is None else (len(answer.json()["results"]) == waiting)


def test_home_counts_what_waits() -> None:
    ask(customer="C-1")
    ask(customer="C-2")

    page = signed_in("leo").get("/").content.decode()

    assert "Approvals waiting for you" in page


def test_the_last_yes_on_the_page_carries_it_out() -> None:
    asked = ask()
    client = signed_in("leo")
    assert "Approve" in client.get(f"/approvals/{asked.reference}/").content.decode()

    answer = client.post(f"/approvals/{asked.reference}/decide", {"verdict": "approve"}, follow=True)

    assert f"{asked.reference}: Approved." in answer.content.decode()
    assert "Carried out" in answer.content.decode()


def test_a_no_without_a_reason_stays_on_the_page() -> None:
    asked = ask()

    answer = signed_in("leo").post(f"/approvals/{asked.reference}/decide", {"verdict": "reject"})

    assert "A rejection needs a reason." in answer.content.decode()
    assert ApprovalRequest.objects.get(pk=asked.pk).status == "requested"


def test_whoever_may_not_decide_reads_why_instead_of_buttons() -> None:
    asked = ask(by="leo")

    page = signed_in("leo").get(f"/approvals/{asked.reference}/").content.decode()

    assert "Whoever made a request never decides it." in page
    assert 'value="approve"' not in page


def test_a_refused_decision_comes_back_to_the_page_with_the_sentence() -> None:
    asked = ask()
    approvals.withdraw(reference=asked.reference, by=person("anna"), at=timezone.now())
    address = f"http://testserver/approvals/{asked.reference}/"

    answer = signed_in("leo").post(
        f"/approvals/{asked.reference}/decide", {"verdict": "approve"}, headers={"referer": address}, follow=True
    )

    assert f"{asked.reference} is no longer open: it is withdrawn." in answer.content.decode()


def test_an_endpoint_decides_and_refuses_with_a_code() -> None:
    asked = ask()
    client = signed_in("leo")
    address = f"/api/approvals/{asked.reference}/decide/"

    first = client.post(address, {"verdict": "approve"}, content_type="application/json")
    second = client.post(address, {"verdict": "approve"}, content_type="application/json")

    assert (first.status_code, first.json()["status"]) == (200, "approved")
    assert (second.status_code, second.json()["code"]) == (409, "decided")


def test_an_endpoint_answers_a_maker_with_403_and_nonsense_with_400() -> None:
    asked = ask(by="leo")
    client = signed_in("leo")
    address = f"/api/approvals/{asked.reference}/decide/"

    mine = client.post(address, {"verdict": "approve"}, content_type="application/json")
    nonsense = client.post(address, {"verdict": "maybe"}, content_type="application/json")

    assert (mine.status_code, mine.json()["code"]) == (403, "maker")
    assert nonsense.status_code == 400


def test_the_maker_withdraws_on_the_page() -> None:
    asked = ask(by="leo")

    answer = signed_in("leo").post(f"/approvals/{asked.reference}/withdraw", follow=True)

    assert f"{asked.reference} is withdrawn." in answer.content.decode()


@pytest.mark.parametrize("path", ["/approvals/", "/api/approvals/", "/staff/", "/api/staff/", "/api/roles/"])
def test_a_list_asks_as_often_for_four_rows_as_for_one(path: str) -> None:
    client = signed_in("maya")
    ask()
    counts = []
    for more in ((), ("sena", "sue", "sid")):
        for number, username in enumerate(more):
            ask(by=username, customer=f"C-{number + 5}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_list_goes_on_from_key_to_key() -> None:
    asked = [ask(by="leo", customer=f"C-{n}").reference for n in range(52)]
    client = signed_in("maya")

    first = client.get("/approvals/")
    older = client.get(f"/approvals/?after={first.context['page'].older}")
    newer = client.get(f"/approvals/?before={older.context['page'].newer}")

    shown = [[found.reference for found, _ in answer.context["rows"]] for answer in (first, older, newer)]
    assert shown == [asked[:1:-1], asked[1::-1], asked[:1:-1]]
    assert newer.context["page"].newer is None


def test_a_comment_is_said_on_the_page_and_over_the_api_and_stays() -> None:
    asked = ask()
    client = signed_in("leo")

    page = client.post(f"/approvals/{asked.reference}/comment", {"text": "Which hospital?"}, follow=True)
    sent = signed_in("maya").post(
        f"/api/approvals/{asked.reference}/comment/", {"text": "The northern one."}, content_type="application/json"
    )
    empty = client.post(f"/approvals/{asked.reference}/comment", {"text": " "}, follow=True).content.decode()
    shown = client.get(f"/api/approvals/{asked.reference}/").json()["comments"]
    approvals.withdraw(reference=asked.reference, by=person("anna"), at=timezone.now())
    late = client.post(f"/approvals/{asked.reference}/comment", {"text": "Too late."})

    assert "Which hospital?" in page.content.decode()
    assert "A comment says something." in empty
    assert (sent.status_code, [said["text"] for said in shown]) == (201, ["Which hospital?", "The northern one."])
    assert late.status_code == 409


def test_what_a_yes_would_do_stands_beside_it() -> None:
    alone, joint = ask(), ask("5000.00", customer="C-2")

    pages = {
        who: signed_in(who).get(f"/api/approvals/{joint.reference}/").json()["consequence"] for who in ("dora", "leo")
    }
    page = signed_in("leo").get(f"/approvals/{alone.reference}/").content.decode()

    assert pages == {"dora": "After you there must still agree: Risk analyst.", "leo": ""}
    assert "Your approval is the last: it carries the action out at once." in page
