"""Money from unknown payers: parked, assigned, given back, and never twice anywhere."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from apps.bills.actions import repayments, suspense
from apps.bills.domain.suspense import SuspenseStatus
from apps.bills.models import Bill, LedgerEntry, Repayment, SuspenseItem
from apps.bills.queries import reconciliation
from apps.bills.queries import suspense as queries
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY
from tests.factories import access

pytestmark = pytest.mark.django_db
Buy = Callable[..., Bill]
D = Decimal
TODAY = dt.date(2026, 9, 1)
MAY = dt.date(2026, 5, 10)


def park(reference: str = "X1", amount: str = "1000.00", **more: Any) -> SuspenseItem:
    words = {"received_date": MAY, "business_date": TODAY, "currency": "CNY", "by": BY, "at": AT}
    return suspense.park(reference=reference, amount=D(amount), **{**words, **more})


def assign(item: SuspenseItem, customer: Customer, **more: Any) -> Repayment:
    words = {"reason": "the payer called", "business_date": TODAY, "by": BY, "at": AT}
    return suspense.assign(item=item, customer=customer, **{**words, **more})


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def test_parked_money_waits_and_books_nothing(customer: Customer) -> None:
    item = park(payer="Amber F.", purpose="bill")

    assert (item.status, item.amount, item.repayment) == (SuspenseStatus.WAITING, D("1000.00"), None)
    assert not Repayment.objects.exists()
    assert reconciliation.reconcile().differences == ()


def test_parking_the_same_money_twice_is_parking_it_once() -> None:
    assert park().pk == park().pk
    with pytest.raises(Refused, match="in suspense with other content"):
        park(amount="999.00")


def test_what_is_a_repayment_already_is_not_parked(customer: Customer, buy: Buy) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00")
    repayments.record(
        customer=customer, reference="X1", amount=D(100), received_date=MAY, business_date=TODAY, by=BY, at=AT
    )

    with pytest.raises(Refused, match="is a repayment of C-1 already"):
        park(amount="100.00")


def test_what_waits_in_suspense_is_not_booked_beside_it(customer: Customer) -> None:
    park()

    with pytest.raises(Refused, match="waits in suspense: assign it there"):
        repayments.record(
            customer=customer,
            reference="X1",
            amount=D("1000.00"),
            received_date=MAY,
            business_date=TODAY,
            by=BY,
            at=AT,
        )
    assert not Repayment.objects.exists()


def test_money_of_a_day_that_is_not_yet_business_is_refused() -> None:
    with pytest.raises(Refused, match="after the business date"):
        park(received_date=TODAY + dt.timedelta(1))


def test_assigned_money_counts_from_the_day_on_which_it_came(customer: Customer, buy: Buy) -> None:
    bill = buy("P1", dt.date(2026, 4, 10), "1000.00")
    item = park()

    repayment = assign(item, customer)

    bill.refresh_from_db()
    item.refresh_from_db()
    assert (repayment.received_date, bill.settled_date, bill.open_late_fee) == (MAY, MAY, 0)
    assert (item.status, item.repayment, item.reason) == (SuspenseStatus.ASSIGNED, repayment, "the payer called")
    assert (item.decided_by, item.decided_at) == (BY.actor_id, AT)
    assert LedgerEntry.objects.filter(repayment=repayment).get().effective_date == MAY
    assert reconciliation.reconcile().differences == ()


def test_money_may_be_assigned_to_one_bill(customer: Customer, buy: Buy) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00")
    later = buy("P2", dt.date(2026, 4, 20), "1000.00")

    assign(park(), customer, bill=later)

    later.refresh_from_db()
    assert later.settled_date == MAY


def test_whoever_assigns_or_returns_twice_is_told_what_was_done(customer: Customer) -> None:
    assigned, returned = park("X1"), park("X2")
    assign(assigned, customer)
    suspense.give_back(item=returned, reason="unknown account", by=BY, at=AT)

    with pytest.raises(Refused, match="X1 was assigned to C-1 on 2026-09-01 already"):
        assign(assigned, customer)
    with pytest.raises(Refused, match="X1 was assigned to C-1 on 2026-09-01 already"):
        suspense.give_back(item=assigned, reason="mistake", by=BY, at=AT)
    with pytest.raises(Refused, match="X2 was given back on 2026-09-01 already"):
        assign(returned, customer)
    assert Repayment.objects.count() == 1


def test_money_in_another_currency_is_not_the_customers(customer: Customer, buy: Buy) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00")

    with pytest.raises(Refused, match="is money in EUR, the customer's account is in CNY"):
        assign(park(currency="EUR"), customer)


def test_a_decision_needs_a_reason(customer: Customer) -> None:
    with pytest.raises(Refused, match="Say why"):
        assign(park(), customer, reason=" ")


def test_the_database_keeps_status_and_repayment_together(customer: Customer) -> None:
    item = park()

    with pytest.raises(IntegrityError, match="bills_suspenseitem_decided|bills_suspenseitem_assigned"):
        SuspenseItem.objects.filter(pk=item.pk).update(status=SuspenseStatus.ASSIGNED)


def test_whose_it_may_be_is_told_by_reference_name_and_amount(customer: Customer, buy: Buy) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00", 3)
    Customer.objects.create(reference="C-2", name="Ambre Fig", joined_date=MAY)
    Customer.objects.create(reference="C-3", name="Somebody Else", joined_date=MAY)

    def found(**words: str) -> list[tuple[Any, ...]]:
        item = SuspenseItem(amount=D(words.pop("amount", "5.00")), currency="CNY", **words)
        return [(c.reference, c.named, c.bill, bool(c.likeness), c.amount_fits) for c in queries.candidates(item)]

    assert found(purpose="for b-p1, thanks") == [("C-1", False, "B-P1", False, "")]
    assert found(purpose="C-3/rent") == [("C-3", True, "", False, "")]
    assert [name for name, *_ in found(payer="AMBER FIG")] == ["C-1", "C-2"]
    assert found(amount="338.33") == [("C-1", False, "", False, "B-P1/1")]
    assert found(payer="Nobody At All", amount="0.07") == []


def test_the_queue_shows_the_oldest_first_with_its_age() -> None:
    park("NEW", received_date=dt.date(2026, 8, 1))
    park("OLD", payer="Amber F.")

    page = signed_in("theo").get(reverse("bills:suspense")).content.decode()

    assert page.index("OLD") < page.index("NEW")
    assert "A**" in page
    assert "Amber" not in page


def test_money_is_assigned_by_the_form(customer: Customer, buy: Buy) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00")
    item = park(payer="Amber Fig")
    client = signed_in("theo")

    shown = client.get(reverse("bills:suspense_item", args=("X1",))).content.decode()
    bad = client.post(reverse("bills:assign_suspense", args=("X1",)), {"customer": "C-9", "reason": "so it seems"})
    done = client.post(reverse("bills:assign_suspense", args=("X1",)), {"customer": "C-1", "reason": "so it seems"})

    assert "?customer=C-1" in shown
    assert "There is no customer of this reference." in bad.content.decode()
    item.refresh_from_db()
    assert done.headers["Location"] == reverse("bills:repayment", args=("X1",))
    assert (item.status, item.decided_by) == ("assigned", access.person("theo").actor_id)


def test_money_is_given_back_by_the_form() -> None:
    park()
    client = signed_in("theo")

    client.post(reverse("bills:return_suspense", args=("X1",)), {"reason": "closed account"})

    assert "closed account" in client.get(reverse("bills:suspense_item", args=("X1",))).content.decode()


def test_an_agent_reads_the_queue_and_decides_nothing() -> None:
    park()
    client = signed_in("anna")

    assert client.get(reverse("bills:suspense")).status_code == 200
    assert client.post(reverse("bills:return_suspense", args=("X1",)), {"reason": "x"}).status_code == 403


def test_the_home_page_counts_what_waits() -> None:
    assert queries.tile(access.person("theo")) is None
    park("X1", "1000.00")
    park("X2", "234.50")

    tile = queries.tile(access.person("theo"))

    assert tile is not None
    assert (tile.value, tile.hint) == ("2", "1,234.50 in suspense")


def test_the_api_parks_assigns_and_returns(customer: Customer) -> None:
    client = signed_in("maya")
    body = {"reference": "X1", "amount": "10.00", "received_date": "2026-05-10", "payer": "Amber"}

    def send(address: str, body: dict[str, Any]) -> tuple[int, Any]:
        answer = client.post(address, body, content_type="application/json")
        return answer.status_code, answer.json()

    first, again = send("/api/suspense/", body), send("/api/suspense/", body)
    assigned = send("/api/suspense/X1/assignment/", {"customer": "C-1", "reason": "called"})
    twice = send("/api/suspense/X1/return/", {"reason": "mistake"})

    assert (first[0], again[0], first[1] == again[1]) == (201, 200, True)
    assert (assigned[0], assigned[1]["customer"], assigned[1]["received_date"]) == (201, "C-1", "2026-05-10")
    assert (twice[0], twice[1]["code"]) == (409, "assigned_already")
    assert client.get("/api/suspense/?status=assigned").json()["results"][0]["repayment"] == "X1"


def test_a_repayment_of_nobody_we_know_is_parked_by_the_api(customer: Customer) -> None:
    body = {"customer": "C-404", "amount": "10.00", "received_date": "2026-05-10", "purpose": "thanks"}

    answer = signed_in("maya").post(
        "/api/repayments/", body, content_type="application/json", headers={"Idempotency-Key": "X1"}
    )

    assert (answer.status_code, answer.json()["payer"]) == (202, "C**")
    assert SuspenseItem.objects.get().reference == "X1"
