"""The pages and endpoints of outreach."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core import registry
from apps.customers.domain.contact import Channel
from apps.outreach.models import GateDecision
from apps.outreach.queries import shipped
from tests.factories import access
from tests.factories.customers import contact_point, reachable
from tests.factories.customers import customer as unreachable
from tests.factories.outreach import plan, queued, want

pytestmark = pytest.mark.django_db


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def read(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


@pytest.mark.parametrize("name", ["messages", "decisions", "rules", "templates"])
def test_the_pages_are_for_those_who_may_read_outreach(name: str) -> None:
    assert signed_in("anna").get(reverse(f"outreach:{name}")).status_code == 403
    assert signed_in("leo").get(reverse(f"outreach:{name}")).status_code == 200


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"status": "planned"}, {"C-1"}),
        ({"status": "blocked"}, {"C-2"}),
        ({"channel": "sms"}, {"C-1", "C-2"}),
        ({"channel": "qq"}, set()),
        ({"customer": "C-2"}, {"C-2"}),
        ({"purpose": "auto_reminder", "scheduled_from": "2026-03-02"}, {"C-1", "C-2"}),
        ({"scheduled_to": "2026-03-01"}, set()),
        ({"reference": "C-1-"}, {"C-1"}),
    ],
)
def test_messages_are_filtered_on_the_page_and_over_the_api_alike(query: dict[str, str], shown: set[str]) -> None:
    plan(want(reachable(reference="C-1")), want(unreachable(reference="C-2")))
    leo = signed_in("leo")

    page = read(leo, reverse("outreach:messages"), **query)
    rows = json.loads(read(leo, "/api/messages/", **query))["results"]

    assert {code for code in ("C-1", "C-2") if f"{code}-auto_reminder" in page} == shown
    assert {row["customer"] for row in rows} == shown


def test_a_blocked_message_says_why() -> None:
    plan(want(unreachable()))

    assert "There is no valid contact point for this channel." in read(signed_in("leo"), reverse("outreach:messages"))


def test_a_message_shows_its_text_and_masks_its_address() -> None:
    customer = unreachable(reference="C-1", name="Ann Reader", language="en")
    contact_point(customer, value="13812341234")
    message = queued(customer, Channel.SMS)

    page = read(signed_in("otto"), reverse("outreach:message", args=[message.reference]))

    assert "Hello A**" in page
    assert "138****1234" in page
    assert "13812341234" not in page
    assert "cn-quiet-hours@1" in page


def test_a_message_over_the_api_has_its_decision_and_neither_text_nor_address() -> None:
    customer = unreachable(reference="C-1", name="Ann Reader", language="en")
    contact_point(customer, value="13812341234")
    message = queued(customer, Channel.SMS)

    row = json.loads(read(signed_in("leo"), f"/api/messages/{message.reference}/"))

    assert (row["address"], row["status"], row["sent_at"]) == ("138****1234", "planned", None)
    assert row["decision"]["reasons"] == []
    assert row["decision"]["counters"] == {"operator-daily-sms": 0}
    assert "cn-quiet-hours@1" in row["decision"]["rules"]
    assert "Ann Reader" not in json.dumps(row)


def test_decisions_are_filtered_by_answer_and_reason() -> None:
    plan(want(reachable(reference="C-1")), want(unreachable(reference="C-2"), channels=(Channel.SMS,)))
    leo = signed_in("leo")

    blocked = read(leo, reverse("outreach:decisions"), is_allowed="false")
    by_reason = json.loads(read(leo, "/api/gate-decisions/", reason="contact-point"))["results"]
    by_another = json.loads(read(leo, "/api/gate-decisions/", reason="consent"))["results"]

    assert ("C-1" in blocked, "C-2" in blocked) == (False, True)
    assert [row["customer"] for row in by_reason] == ["C-2"]
    assert by_another == []
    assert GateDecision.objects.count() == 2


@pytest.mark.parametrize("address", ["/messages/", "/api/messages/", "/conduct/decisions/", "/api/gate-decisions/"])
def test_a_list_asks_as_often_for_one_row_as_for_three(address: str) -> None:
    leo = signed_in("leo")
    counts = []
    for more in (1, 2):
        plan(*(want(reachable()) for _ in range(more)))
        with CaptureQueriesContext(connection) as statements:
            read(leo, address)
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_rules_and_texts_are_there_to_read() -> None:
    otto = signed_in("otto")

    rules, texts = read(otto, reverse("outreach:rules")), read(otto, reverse("outreach:templates"))

    assert "cn-quiet-hours@1" in rules
    assert "22:00" in rules
    assert "您好" in texts


def test_every_shipped_rule_has_its_words() -> None:
    codes = {row["code"] for row in shipped.load("rules")}

    assert {code for code in codes if registry.word("gate_reason", code).label == code} == set()


def test_the_messages_of_a_customer_are_an_include_for_other_pages() -> None:
    from django.template.loader import render_to_string

    from apps.outreach.queries import messages

    customer = reachable(reference="C-1")
    plan(want(customer), want(reachable(reference="C-2")))

    shown = render_to_string(
        "outreach/_messages.html", {"messages_shown": messages.of_customer(customer), "customer": customer}
    )

    assert ("C-1-auto_reminder" in shown, "C-2-auto_reminder" in shown) == (True, False)
