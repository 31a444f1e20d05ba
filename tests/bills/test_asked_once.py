"""What is sent over the API under an `Idempotency-Key` is taken once, also where the answer is a request."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest
from apps.bills.models import Bill, SuspenseItem, WriteOff
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day
from tests.bills.conftest import AT
from tests.factories import access

pytestmark = pytest.mark.django_db
PLAN = {"customer": "C-1", "bill": "B-P1", "kind": "extend", "first_due_date": "2026-05-20", "instalments": 3}
BODIES: dict[str, dict[str, Any]] = {
    "restructurings": PLAN | {"reason": "Lost the job."},
    "write-offs": {"bill": "B-P1", "reason": "Nothing will come."},
    "suspense": {"amount": "9.00", "received_date": "2026-05-01", "payer": "Nobody"},
}
OTHERWISE: dict[str, dict[str, Any]] = {
    "restructurings": {"instalments": 4},
    "write-offs": {"bill": "B-P2"},
    "suspense": {"amount": "9.01"},
}


@pytest.fixture
def leo(buy: Callable[..., Bill]) -> Client:
    """Two bills on the first of May."""
    for reference in ("P1", "P2"):
        buy(reference, dt.date(2026, 4, 10), "100.00")
    closed = dt.date(2026, 4, 30)
    Day.objects.create(date=closed, status=DayStatus.CLOSED, partitions=1, started_at=AT, closed_at=AT)
    client = Client()
    client.force_login(access.person("leo"))
    return client


def send(client: Client, address: str, body: dict[str, Any], key: str) -> Any:
    return client.post(
        f"/api/{address}/", body, content_type="application/json", headers={"Idempotency-Key": key} if key else {}
    )


@pytest.mark.parametrize("name", BODIES)
def test_the_same_key_is_answered_again_and_other_content_is_refused(leo: Client, name: str) -> None:
    first, second = (send(leo, name, BODIES[name], "K-1") for _ in range(2))
    other = send(leo, name, BODIES[name] | OTHERWISE[name], "K-1")

    assert first.status_code in {201, 202}
    assert first.json() == second.json()
    assert (other.status_code, other.json()["code"]) == (409, "reference_taken")
    assert ApprovalRequest.objects.count() + SuspenseItem.objects.count() == 1


def test_a_write_off_and_its_reversal_are_known_after_they_were_carried_out(leo: Client) -> None:
    def agreed(address: str, body: dict[str, Any]) -> ApprovalRequest:
        asked = ApprovalRequest.objects.get(reference=send(leo, address, body, "K-1").json()["reference"])
        for username in ("dora", "rita"):
            approver = access.person(username)
            approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=approver, at=asked.made_at)
        return asked

    body, because = BODIES["write-offs"], {"reason": "The estate pays."}
    made = agreed("write-offs", body)
    address = f"write-offs/{WriteOff.objects.get().reference}/reversal"
    taken_back = agreed(address, because)

    assert send(leo, "write-offs", body, "K-1").json()["reference"] == made.reference
    assert send(leo, address, because, "K-1").json()["reference"] == taken_back.reference
    assert send(leo, "write-offs", body, "").json()["reference"] not in {made.reference, taken_back.reference}
