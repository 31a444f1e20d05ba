"""Several requests decided at once, where the matrix allows it, and the warning that facts have changed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.access import registry
from apps.access.actions import approvals
from apps.access.actions.approvals import Answered, Subject
from apps.access.domain.approval import Verdict
from apps.access.domain.authority import Tier
from apps.access.domain.matrix import Fault, Flaw, Line, faults
from apps.access.models import ApprovalRequest, AuthorityRule
from apps.audit.models import Operation
from tests.factories.access import person

pytestmark = pytest.mark.django_db
ACTION = "bills.waive_late_fee"


@pytest.fixture(autouse=True)
def facts() -> Iterator[dict[str, Any]]:
    """What the requests rest on; a waiver that is carried out by nobody."""
    found: dict[str, Any] = {"fees_only": True, "open_late_fee": "40.00"}
    before = dict(registry._controlled)
    registry.controlled(
        ACTION, label="Waive a late fee", facts=lambda _: dict(found), execute=lambda request, *, by, at: None
    )
    yield found
    registry._controlled.clear()
    registry._controlled.update(before)


def ask(amount: str = "20.00", number: int = 1) -> ApprovalRequest:
    return approvals.request(
        action=ACTION, subject=Subject("bills.bill", f"B-{number}", f"C-{number}"), amount=Decimal(amount), payload={},
        reason="Goodwill", by=person("anna"), at=timezone.now(),
    )  # fmt: skip


def client(username: str) -> Client:
    found = Client()
    found.force_login(person(username))
    return found


def test_what_the_rule_allows_is_decided_at_once_each_by_itself() -> None:
    first, second, large = ask(), ask(number=2), ask("900.00", 3)

    answers = approvals.decide_many(
        references=[first.reference, large.reference, second.reference, first.reference, "A-none"],
        verdict=Verdict.APPROVE,
        by=person("leo"),
        at=timezone.now(),
    )

    assert answers == [
        Answered(first.reference, "approved"),
        Answered(
            large.reference, refusal=f"{large.reference} is decided by itself: T2 does not allow several at once."
        ),
        Answered(second.reference, "approved"),
        Answered("A-none", refusal="There is no request A-none."),
    ]
    assert Operation.objects.filter(action="access.approvals.decide", decision="allow").count() == 2


def test_one_whose_facts_have_changed_stops_no_other(facts: dict[str, Any]) -> None:
    first = ask()
    facts["open_late_fee"] = "10.00"
    second = ask(number=2)

    first_answer, second_answer = approvals.decide_many(
        references=[first.reference, second.reference], verdict=Verdict.APPROVE, by=person("leo"), at=timezone.now()
    )

    assert "void" in first_answer.refusal
    assert second_answer.status == "approved"
    first.refresh_from_db()
    assert first.status == "void"


def test_the_inbox_has_boxes_for_what_may_be_decided_so_and_keeps_its_filter() -> None:
    first, second, large = ask(), ask(number=2), ask("900.00", 3)
    leo = client("leo")
    page = leo.get("/approvals/?scope=waiting").content.decode()
    assert f'name="tick-{first.reference}"' in page
    assert f'name="tick-{large.reference}"' not in page

    none = leo.post("/approvals/decisions", {"verdict": "approve"}, follow=True).content.decode()
    assert "No request is ticked." in none
    sent = {f"tick-{first.reference}": "on", f"tick-{second.reference}": "on"}
    silent = leo.post("/approvals/decisions", sent | {"verdict": "reject"}, follow=True).content.decode()
    assert "A rejection needs a reason." in silent
    done = leo.post("/approvals/decisions?customer=C-1", sent | {"verdict": "reject", "reason": "Paid."})
    assert done["Location"] == "/approvals/?customer=C-1"
    assert set(ApprovalRequest.objects.filter(status="rejected")) == {first, second}
    assert 'name="tick-' not in client("anna").get("/approvals/").content.decode()


def test_the_endpoint_answers_for_each() -> None:
    first, large = ask(), ask("900.00", 3)

    answer = client("leo").post(
        "/api/approvals/decisions/",
        {"references": [first.reference, large.reference], "verdict": "approve"},
        content_type="application/json",
    )

    assert [(one["reference"], one["status"], bool(one["refusal"])) for one in answer.json()] == [
        (first.reference, "approved", False),
        (large.reference, "", True),
    ]
    assert client("anna").post("/api/approvals/decisions/", {}, content_type="application/json").status_code == 403


def test_several_at_once_is_for_one_person_and_an_amount_with_an_end() -> None:
    lines = [
        Line("a", Tier("T1", Decimal(10), ("team_lead",), in_bulk=True)),
        Line("a", Tier("T2", Decimal(20), ("team_lead", "manager"), in_bulk=True)),
        Line("a", Tier("T3", None, ("manager",), in_bulk=True)),
    ]

    found = faults(lines, required=(), known=("a",), products=(), deciders={"team_lead": 1, "manager": 1})

    assert found == [Fault(Flaw.IN_BULK, "a", tier="T2"), Fault(Flaw.IN_BULK, "a", tier="T3")]
    assert set(AuthorityRule.objects.filter(in_bulk=True).values_list("tier", flat=True)) == {"T1"}


def test_changed_facts_are_shown_before_anybody_decides(facts: dict[str, Any]) -> None:
    asked = ask()
    leo = client("leo")
    assert "What it rests on has changed" not in leo.get(f"/approvals/{asked.reference}/").content.decode()
    facts["open_late_fee"] = "10.00"

    page = leo.get(f"/approvals/{asked.reference}/").content.decode()

    assert "An approval would make the request void" in page
    assert "40.00 when it was made, 10.00 now" in page
    assert 'value="approve" disabled' in page
