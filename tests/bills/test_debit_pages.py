"""The pages and endpoints of auto-debit."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.bills.actions import debits
from apps.bills.models import Bill, Debit
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY, close_through
from tests.factories import access

TOKEN = "tok-1234-7788"
FRIDAY = dt.date(2026, 5, 15)


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def read(client: Client, name: str, *words: str, **query: str) -> str:
    answer = client.get(reverse(name, args=words), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def debit(customer: Customer, buy: Callable[..., Bill]) -> Debit:
    debits.agree(
        customer=customer,
        bank="Maple Bank",
        account_token="tok-1234-7788",
        agreed_date=dt.date(2026, 1, 2),
        by=BY,
        at=AT,
    )
    buy("P1", dt.date(2026, 4, 16), "1000.00")
    close_through(FRIDAY - dt.timedelta(1), since=FRIDAY - dt.timedelta(1))
    return Debit.objects.get()


def test_debits_are_listed_by_day_and_status(debit: Debit) -> None:
    manager = signed_in("maya")

    assert debit.reference in read(manager, "bills:debits", status="instructed", debit_from="2026-05-15")
    assert debit.reference not in read(manager, "bills:debits", status="paid")
    assert debit.reference not in read(manager, "bills:debits", debit_to="2026-05-14")


def test_a_mandate_is_noted_shown_masked_and_revoked(customer: Customer, db: None) -> None:
    manager = signed_in("maya")
    body = {"bank": "Maple Bank", "account_token": "tok-1234-7788", "agreed_date": "2026-01-02"}

    assert manager.post(reverse("bills:agree_mandate", args=["C-1"]), body).status_code == 302
    page = read(manager, "bills:customer", "C-1")
    assert "…7788" in page
    assert "tok-1234" not in page

    mandate = customer.mandates.get()
    manager.post(reverse("bills:revoke_mandate", args=[mandate.reference]), {"is_told": "on"})
    mandate.refresh_from_db()
    assert mandate.revoked_date is not None


def test_a_whole_account_number_is_refused_in_the_form(customer: Customer, db: None) -> None:
    body = {"bank": "Maple Bank", "account_token": "6222021234567890", "agreed_date": "2026-01-02"}

    answer = signed_in("maya").post(reverse("bills:agree_mandate", args=["C-1"]), body)

    assert "whole account number" in answer.content.decode()
    assert not customer.mandates.exists()


def test_a_mandate_of_tomorrow_is_refused(customer: Customer, db: None) -> None:
    body = {"bank": "Maple Bank", "account_token": "tok-1234-7788", "agreed_date": "2999-01-02"}

    answer = signed_in("maya").post(reverse("bills:agree_mandate", args=["C-1"]), body)

    assert "after the business date" in answer.content.decode()


def test_a_debit_is_withdrawn_with_a_reason(debit: Debit) -> None:
    manager = signed_in("maya")

    manager.post(reverse("bills:withdraw_debit", args=[debit.reference]), {"reason": "Paid by hand."})

    debit.refresh_from_db()
    assert (debit.status, debit.reason) == ("withdrawn", "Paid by hand.")


def test_an_agent_sees_debits_and_changes_none(debit: Debit) -> None:
    agent = signed_in("anna")

    assert debit.reference in read(agent, "bills:debits")
    assert agent.get(reverse("bills:withdraw_debit", args=[debit.reference])).status_code == 403


def test_results_are_taken_over_the_api_line_by_line(debit: Debit) -> None:
    manager = signed_in("maya")
    body = {
        "results": [
            {"reference": debit.reference, "amount": "1000.00", "result": "paid"},
            {"reference": "D-1", "amount": "1.00", "result": "failed", "code": "51"},
        ]
    }

    answer = manager.post("/api/debits/results/", body, content_type="application/json")

    assert answer.status_code == 200
    assert answer.json() == {
        "results": [
            {"row": 1, "reference": debit.reference, "outcome": "paid", "sentence": ""},
            {"row": 2, "reference": "D-1", "outcome": "refused", "sentence": "There is no debit D-1."},
        ]
    }
    shown = manager.get(f"/api/debits/{debit.reference}/").json()
    assert (shown["status"], shown["repayment"], shown["amount"]) == ("paid", debit.reference, "1000.00")
