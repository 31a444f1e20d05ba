"""Caps on the annual cost: listed, asked for, published by those who must agree, and refused where they may not be."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest
from apps.bills.actions import caps as actions
from apps.bills.models import CostCap
from apps.bills.queries import caps
from apps.core.domain.refusal import Refused
from tests.bills.test_views import read, signed_in
from tests.factories import access, bills

pytestmark = pytest.mark.django_db
D = Decimal


def form(**changes: str) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    return {
        "licence": "micro_loan",
        "effective_date": today,
        "annual_rate": "16",
        "note": "4 times an LPR of 4.0 %",
        "reason": "The rule has changed.",
    } | changes


def test_a_cap_is_asked_for_agreed_to_and_in_force() -> None:
    bills.terms(monthly_fee_rate=D("0.01"))

    page = signed_in("rita").post(reverse("bills:propose_cap"), form(), follow=True).content.decode()
    asked = ApprovalRequest.objects.get()
    sam = access.person("sam", role="risk_analyst")
    for approver in (access.person("dora"), sam):
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=approver, at=asked.made_at)

    assert asked.reference in page
    assert (asked.facts["cap"], asked.facts["above"]) == ("24 % → 16 %", "order")
    found = caps.in_force("micro_loan", timezone.localdate())
    assert (found and found.annual_rate) == D("0.16")
    assert "16 %" in read(signed_in("anna"), "bills:caps")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"licence": "pawn"}, "licence_unknown"),
        ({"annual_rate": D(0)}, "rate"),
        ({"annual_rate": D("1.01")}, "rate"),
        ({"effective_date": dt.date(2026, 8, 31)}, "effective_date_passed"),
        ({"effective_date": dt.date(2027, 12, 31)}, "cap_there_already"),
        ({"annual_rate": D("0.24")}, "cap_unchanged"),
    ],
)
def test_a_cap_that_may_not_be_is_refused_at_once(changes: dict[str, Any], code: str) -> None:
    said = {"licence": "micro_loan", "effective_date": dt.date(2026, 9, 1), "annual_rate": D("0.2"), "note": "A rule"}

    with pytest.raises(Refused) as refusal:
        actions.propose(
            **said | changes,  # type: ignore[arg-type]
            reason="The rule has changed.",
            business_date=dt.date(2026, 9, 1),
            by=access.person("rita"),
            at=bills.AT,
        )

    assert refusal.value.code == code
    assert not ApprovalRequest.objects.exists()


def test_the_api_lists_caps_and_asks_for_one_once() -> None:
    rita, body = signed_in("rita"), form(annual_rate="0.16")

    first, second = (
        rita.post("/api/cost-caps/", body, content_type="application/json", headers={"Idempotency-Key": "K-1"})
        for _ in range(2)
    )
    listed = rita.get("/api/cost-caps/").json()["results"]

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert len(listed) == CostCap.objects.count() == 4


@pytest.mark.parametrize("username", ["anna", "otto"])
def test_who_may_not_propose_sees_the_list_alone(username: str) -> None:
    client, address = signed_in(username), reverse("bills:propose_cap")

    assert address not in read(client, "bills:caps")
    assert client.get(address).status_code == 403
