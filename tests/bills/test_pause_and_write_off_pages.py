import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest
from apps.bills.actions import pauses
from apps.bills.domain.pauses import PauseReason
from apps.bills.models import Bill, Pause, WriteOff
from apps.closing.models import Day
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY
from tests.factories import access

Buy = Callable[..., Bill]


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def text(client: Client, name: str, *args: str) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def send(client: Client, address: str, body: dict[str, Any]) -> Any:
    return client.post(address, body, content_type="application/json")


def agree(reference: str) -> None:
    for username in ("dora", "rita"):
        approvals.decide(reference=reference, verdict=Verdict.APPROVE, by=access.person(username), at=AT)


@pytest.fixture
def bill(customer: Customer, buy: Buy) -> Bill:
    """1000.00, due on 10 May; the business date is 20 May."""
    Day.objects.create(date=dt.date(2026, 5, 19), status="closed", partitions=1, started_at=AT, closed_at=AT)
    return buy("P1", dt.date(2026, 4, 10), "1000.00")


@pytest.fixture
def pause(customer: Customer, bill: Bill) -> Pause:
    return pauses.begin(customer=customer, reason=PauseReason.DISPUTE, start_date=dt.date(2026, 5, 15), by=BY, at=AT)


def test_a_pause_is_begun_and_shown_on_the_customers_page(customer: Customer, bill: Bill) -> None:
    leo = signed_in("leo")
    form = {"reason": "hardship", "start_date": "2026-05-15", "end_date": "2026-06-15", "note": "Lost the job."}

    leo.post(reverse("bills:begin_pause", args=("C-1",)), form)

    page = text(leo, "bills:customer", "C-1")
    assert "PS-C-1-1" in page
    assert "The account stands still from" in page
    assert Pause.objects.get().note.clear == "Lost the job."


def test_why_a_pause_is_refused_stands_in_the_form(pause: Pause) -> None:
    form = {"reason": "hardship", "start_date": "2026-06-01"}

    page = signed_in("leo").post(reverse("bills:begin_pause", args=("C-1",)), form).content.decode()

    assert "Pause PS-C-1-1 holds every day from 2026-05-15 already; pauses share no day." in page


def test_a_pause_is_ended_and_taken_back(pause: Pause) -> None:
    leo = signed_in("leo")

    leo.post(reverse("bills:end_pause", args=(pause.reference,)), {"end_date": "2026-05-20"})
    pause.refresh_from_db()
    assert pause.end_date == dt.date(2026, 5, 20)

    leo.post(reverse("bills:cancel_pause", args=(pause.reference,)), {"reason": "A slip."})
    pause.refresh_from_db()
    assert pause.cancelled_by == access.person("leo").actor_id
    assert "taken back" in text(leo, "bills:customer", "C-1")


def test_a_write_off_is_asked_for_with_its_figures_and_the_rule(bill: Bill) -> None:
    leo = signed_in("leo")
    address = reverse("bills:request_write_off", args=(bill.reference,))

    page = leo.get(address).content.decode()
    leo.post(address, {"reason": "Nothing to be had."})

    assert "1,006.30" in page  # nine days through the last closed one
    asked = ApprovalRequest.objects.get()
    assert (asked.action, asked.amount, asked.rule.tier) == ("bills.write_off", Decimal("1006.30"), "T3")
    assert asked.reference in text(leo, "bills:bill", bill.reference)


def test_a_write_off_is_listed_with_what_came_back_and_may_be_reversed(bill: Bill) -> None:
    leo = signed_in("leo")
    leo.post(reverse("bills:request_write_off", args=(bill.reference,)), {"reason": "Nothing to be had."})
    agree(ApprovalRequest.objects.get().reference)
    written_off = WriteOff.objects.get()

    assert "1,007.00" in text(leo, "bills:write_offs")
    assert "written off on" in text(leo, "bills:bill", bill.reference)

    address = reverse("bills:request_write_off_reversal", args=(written_off.reference,))
    assert "1,007.00" in leo.get(address).content.decode()
    leo.post(address, {"reason": "The estate pays."})
    agree(ApprovalRequest.objects.get(action="bills.reverse_write_off").reference)

    written_off.refresh_from_db()
    assert written_off.reversed_date == dt.date(2026, 5, 20)


@pytest.mark.parametrize(
    ("username", "name"), [("anna", "bills:begin_pause"), ("otto", "bills:begin_pause"), ("theo", "bills:begin_pause")]
)
def test_who_may_not_pause_an_account_is_told(username: str, name: str, customer: Customer) -> None:
    assert signed_in(username).get(reverse(name, args=("C-1",))).status_code == 403


@pytest.mark.parametrize("username", ["anna", "otto", "theo"])
def test_who_may_not_ask_for_a_write_off_is_told(username: str, bill: Bill) -> None:
    assert signed_in(username).get(reverse("bills:request_write_off", args=(bill.reference,))).status_code == 403


def test_a_pause_goes_through_its_life_over_the_api(customer: Customer, bill: Bill) -> None:
    leo = signed_in("leo")
    begun = send(leo, "/api/pauses/", {"customer": "C-1", "reason": "complaint", "start_date": "2026-05-15"})
    again = send(leo, "/api/pauses/", {"customer": "C-1", "reason": "complaint", "start_date": "2026-05-15"})
    ended = send(leo, "/api/pauses/PS-C-1-1/end/", {"end_date": "2026-05-18"})
    found = leo.get("/api/pauses/?customer=C-1&on=2026-05-17").json()["results"]
    cancelled = send(leo, "/api/pauses/PS-C-1-1/cancellation/", {"reason": "A slip."})

    assert (begun.status_code, begun.json()["end_date"]) == (201, None)
    assert again.status_code == 409
    assert (ended.status_code, ended.json()["end_date"]) == (200, "2026-05-18")
    assert [pause["reference"] for pause in found] == ["PS-C-1-1"]
    assert cancelled.json()["cancelled_at"] is not None
    assert leo.get("/api/pauses/?customer=C-1&on=2026-05-17").json()["results"] == []


def test_a_write_off_goes_through_its_life_over_the_api(bill: Bill) -> None:
    leo = signed_in("leo")
    asked = send(leo, "/api/write-offs/", {"bill": bill.reference, "reason": "Nothing to be had."})
    assert (asked.status_code, asked.json()["tier"], asked.json()["amount"]) == (202, "T3", "1006.30")
    agree(asked.json()["reference"])

    (found,) = leo.get(f"/api/write-offs/?bill={bill.reference}&stands=true").json()["results"]
    assert (found["went_out"], found["recovered"], found["still_out"]) == ("1007.00", "0.00", "1007.00")
    assert leo.get(f"/api/bills/{bill.reference}/").json()["written_off_date"] == "2026-05-20"
    assert leo.get("/api/bills/?is_open=true").json()["results"] == []

    twice = send(leo, "/api/write-offs/", {"bill": bill.reference, "reason": "Again."})
    assert twice.status_code == 409
    reversal = send(leo, f"/api/write-offs/{found['reference']}/reversal/", {"reason": "The estate pays."})
    assert (reversal.status_code, reversal.json()["action"]) == (202, "bills.reverse_write_off")
