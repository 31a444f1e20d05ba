"""Restructuring through the pages and the API."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest
from apps.bills.models import Bill, Restructuring
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day
from apps.customers.models import Customer
from tests.bills.conftest import AT
from tests.factories import access

Buy = Callable[..., Bill]
pytestmark = pytest.mark.django_db
PLAN = {"kind": "extend", "first_due_date": "2026-07-31", "instalments": "2"}


@pytest.fixture
def bill(buy: Buy) -> Bill:
    """A thousand, due on 10 May; the business date is 20 June."""
    access.cast()
    Day.objects.create(date=dt.date(2026, 6, 19), status=DayStatus.CLOSED, partitions=1, started_at=AT, closed_at=AT)
    return buy("P1", dt.date(2026, 4, 10), "1000.00")


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def agreed() -> Restructuring:
    asked = ApprovalRequest.objects.get()
    approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=access.person("maya"), at=asked.made_at)
    return Restructuring.objects.get()


def test_the_new_dates_are_shown_beside_the_old_before_anything_is_asked(bill: Bill) -> None:
    page = signed_in("anna").post(reverse("bills:restructure_bill", args=("B-P1",)), PLAN | {"preview": "1"})

    text = page.content.decode()
    assert "Due now" in text
    assert text.count("500.00") == 2
    assert "Manager" in text
    assert not ApprovalRequest.objects.exists()


def test_what_was_asked_for_and_agreed_stands_on_the_bills_page(bill: Bill) -> None:
    client = signed_in("anna")
    client.post(reverse("bills:restructure_bill", args=("B-P1",)), PLAN | {"send": "1", "reason": "Lost the job."})
    made = agreed()
    Day.objects.create(date=made.agreed_date, status=DayStatus.CLOSED, partitions=1, started_at=AT, closed_at=AT)

    assert "Under observation until" in client.get(reverse("bills:bill", args=("B-P1",))).content.decode()
    for address in (reverse("bills:bill", args=("B-P1",)), reverse("bills:customer", args=("C-1",))):
        text = client.get(address).content.decode()
        assert made.reference in text
        assert made.approval.reference in text


def test_all_open_bills_of_a_customer_are_asked_for_on_their_page(bill: Bill, buy: Buy) -> None:
    buy("P2", dt.date(2026, 5, 10), "200.00")
    client = signed_in("anna")

    client.post(
        reverse("bills:restructure_customer", args=("C-1",)),
        PLAN | {"kind": "re_age", "send": "1", "reason": "Lost the job."},
    )

    assert ApprovalRequest.objects.get().facts["bill"] == "B-P1, B-P2"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"instalments": "61"}, "less than or equal to 60"),
        ({"first_due_date": "2026-06-19"}, "is before the business date"),
        ({"first_due_date": "2026-02-31"}, "is not a date"),
        ({"kind": "re_age"}, "Select a valid choice"),
        ({"send": "1"}, "A request needs a reason."),
    ],
)
def test_what_cannot_be_is_refused_in_the_form(bill: Bill, typed: dict[str, str], told: str) -> None:
    page = signed_in("anna").post(reverse("bills:restructure_bill", args=("B-P1",)), PLAN | typed)

    assert told in page.content.decode()
    assert not ApprovalRequest.objects.exists()


def test_a_manager_undoes_with_a_reason(bill: Bill) -> None:
    signed_in("anna").post(
        reverse("bills:restructure_bill", args=("B-P1",)), PLAN | {"send": "1", "reason": "Lost the job."}
    )
    made = agreed()

    signed_in("maya").post(reverse("bills:undo_restructuring", args=(made.reference,)), {"reason": "Not signed."})

    made.refresh_from_db()
    assert made.status == "undone"


@pytest.mark.parametrize(
    ("username", "name"),
    [("otto", "bills:restructure_bill"), ("theo", "bills:restructure_bill"), ("anna", "bills:undo_restructuring")],
)
def test_whoever_may_not_is_told_so(bill: Bill, username: str, name: str) -> None:
    assert signed_in(username).get(reverse(name, args=("B-P1",))).status_code == 403


def test_the_api_asks_and_shows_and_undoes(bill: Bill, customer: Customer) -> None:
    asked = signed_in("anna").post(
        "/api/restructurings/",
        {"customer": "C-1", "bill": "B-P1", "reason": "Lost the job."} | PLAN,
        content_type="application/json",
    )
    made = agreed()
    manager = signed_in("maya")
    shown = manager.get(f"/api/restructurings/{made.reference}/").json()
    undone = manager.post(
        f"/api/restructurings/{made.reference}/undo/", {"reason": "Not signed."}, content_type="application/json"
    )

    assert asked.status_code == 201
    assert (shown["bill"], shown["amount"], shown["class_2023"]) == ("B-P1", "1000.00", "special_mention")
    assert undone.json()["status"] == "undone"


def test_the_api_refuses_a_plan_above_sixty_months(bill: Bill) -> None:
    answer = signed_in("anna").post(
        "/api/restructurings/",
        {"customer": "C-1", "reason": "Lost the job."} | PLAN | {"instalments": 61},
        content_type="application/json",
    )

    assert answer.status_code == 409
    assert "1 to 60 monthly instalments" in answer.content.decode()
