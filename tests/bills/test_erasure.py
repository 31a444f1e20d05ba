"""Asking for an erasure: at the page, over the API and by the command, and what speaks against it."""

import datetime as dt
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from apps.access.models import ApprovalRequest
from apps.bills.models import Bill
from apps.core.domain.refusal import Forbidden
from apps.customers.domain import retention
from apps.customers.domain.retention import Kept
from apps.customers.models import Customer
from tests.factories import access


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def test_the_page_says_what_must_be_kept_and_until_when(customer: Customer, buy: Callable[..., Bill]) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00")
    cora, page = signed_in("cora"), reverse("bills:request_erasure", args=("C-1",))

    shown = cora.get(page).content.decode()
    cora.post(page, {"reason": "Asked by letter."})

    assert "C-1 has open bills" in shown
    assert "The record of bills and money must be kept for 7 years" in shown
    assert not ApprovalRequest.objects.exists()


def test_a_request_is_made_at_the_page_over_the_api_and_by_the_command(customer: Customer) -> None:
    cora, page = signed_in("cora"), reverse("bills:request_erasure", args=("C-1",))

    assert page in cora.get(reverse("bills:customer", args=("C-1",))).content.decode()
    cora.post(page, {"reason": "Asked by letter."})
    again = cora.post("/api/customers/C-1/erasure/", {"reason": "Asked again."}, content_type="application/json")

    (asked,) = ApprovalRequest.objects.all()
    assert (asked.action, asked.rule.approvers) == ("customers.erase", ["director"])
    assert (again.status_code, again.json()["code"]) == (409, "erasure_asked_already")
    shown = signed_in("dora").get(reverse("access:approval", args=(asked.reference,))).content.decode()
    assert "Personal values in the trail" in shown
    ApprovalRequest.objects.update(status="withdrawn")
    told = StringIO()
    call_command("erase_customer", "C-1", "--reason", "A letter.", "--by", "cora", stdout=told)
    assert "is sent to whoever must agree" in told.getvalue()
    with pytest.raises(CommandError, match="no customer C-2"):
        call_command("erase_customer", "C-2", "--reason", "A letter.", "--by", "cora")
    access.person("anna")
    with pytest.raises(Forbidden):
        call_command("erase_customer", "C-1", "--reason", "A letter.", "--by", "anna")


def test_the_longest_period_wins() -> None:
    money = Kept("money", dt.date(2020, 2, 29), 7)
    collection = Kept("collection", dt.date(2021, 5, 1), 5)

    assert retention.longest([money, collection], dt.date(2026, 1, 1)) == money
    assert retention.longest([money, collection], dt.date(2027, 2, 27)) == money
    assert retention.longest([money, collection], dt.date(2027, 2, 28)) is None
