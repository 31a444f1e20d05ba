"""The pages of purchases, refunds, payouts and early settlement, and what early money must come to."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest
from apps.bills.actions import repayments
from apps.bills.models import Account, Bill, Payout, Refund, Repayment
from apps.bills.queries import reconciliation, settlement
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY
from tests.factories import access

pytestmark = pytest.mark.django_db
Buy = Callable[..., Bill]
D = Decimal
TODAY = dt.date(2026, 5, 1)


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def read(client: Client, name: str, *words: str, **query: str) -> str:
    answer = client.get(reverse(name, args=words), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def bill(buy: Buy) -> Bill:
    """A thousand in three, due from the tenth of May; the business date is the first."""
    made = buy("P1", dt.date(2026, 4, 10), "1000.00", 3)
    Day.objects.create(date=TODAY - dt.timedelta(1), status=DayStatus.CLOSED, partitions=1, started_at=AT, closed_at=AT)
    return made


def pay(customer: Customer, amount: str, **options: object) -> Repayment:
    told = {"reference": "R1", "received_date": TODAY, "business_date": TODAY, "by": BY, "at": AT, **options}
    return repayments.record(customer=customer, amount=D(amount), **told)  # type: ignore[arg-type]


def test_a_quote_says_what_settles_the_bill_and_what_that_saves(bill: Bill) -> None:
    found = settlement.quote(bill, TODAY)

    assert (found.owed, found.saving, found.amount) == (D("1015.00"), D("10.00"), D("1005.00"))


def test_a_quote_for_a_later_day_holds_the_late_fee_until_then(bill: Bill) -> None:
    found = settlement.quote(bill, dt.date(2026, 5, 15))

    assert (found.owed, found.saving) == (D("1018.55"), D("5.00"))


def test_paying_what_was_quoted_settles_the_bill(customer: Customer, bill: Bill) -> None:
    pay(customer, str(settlement.quote(bill, TODAY).amount), bill=bill, settles=True)

    bill.refresh_from_db()
    assert (bill.settled_date, Account.objects.get().balance) == (TODAY, 0)
    assert reconciliation.reconcile().differences == ()


def test_a_quote_over_the_api_is_the_pages(bill: Bill) -> None:
    anna = signed_in("anna")

    assert anna.get("/api/bills/B-P1/settlement/?date=2026-05-15").json() == {
        "date": "2026-05-15",
        "owed": "1018.55",
        "saving": "5.00",
        "overdrawn": "0.00",
        "amount": "1013.55",
    }
    assert "1,013.55" in read(anna, "bills:settlement", "B-P1", date="2026-05-15")
    assert anna.get("/api/bills/B-P1/settlement/?date=soon").status_code == 400


@pytest.mark.parametrize(("amount", "is_taken"), [("9.99", False), ("10.00", True)])
def test_early_money_comes_to_the_contracts_minimum(
    customer: Customer, bill: Bill, amount: str, is_taken: bool
) -> None:
    if is_taken:
        assert pay(customer, amount).amount == D(amount)
        return
    with pytest.raises(Refused, match="9.99 is less than the 10.00 CNY that an early repayment must come to"):
        pay(customer, amount)


def test_small_money_is_taken_once_something_is_due(customer: Customer, bill: Bill) -> None:
    Day.objects.update(date=dt.date(2026, 5, 9))

    assert pay(customer, "1.00", received_date=dt.date(2026, 5, 10), business_date=dt.date(2026, 5, 10)).amount == 1


def test_small_money_that_pays_the_rest_of_a_bill_is_taken(customer: Customer, buy: Buy) -> None:
    buy("P2", dt.date(2026, 4, 10), "5.00")

    pay(customer, "5.00")

    assert Account.objects.get().balance == 0


def test_a_purchase_shows_its_bill_and_its_refunds(bill: Bill) -> None:
    leo = signed_in("leo")
    address = reverse("bills:record_refund", args=("P1",))

    done = leo.post(address, {"reference": "F1", "amount": "400", "refunded_date": "2026-05-01"}, follow=True)
    again = leo.post(address, {"reference": "F1", "amount": "400", "refunded_date": "2026-05-01"}, follow=True)

    assert "Refund F1 is booked." in done.content.decode()
    assert "was recorded before; nothing was booked." in again.content.decode()
    page = read(leo, "bills:purchase", "P1")
    assert ("B-P1" in page, "F1" in page, "600.00" in page) == (True, True, True)
    assert "6.00" in read(leo, "bills:refund", "F1")  # of the fee
    assert "F1" in read(leo, "bills:bill", "B-P1")
    assert "P1" in read(leo, "bills:purchases", customer="C-1")


def test_a_refund_above_the_purchase_is_refused_in_the_form(bill: Bill) -> None:
    form = {"reference": "F1", "amount": "1000.01", "refunded_date": "2026-05-01"}

    page = signed_in("leo").post(reverse("bills:record_refund", args=("P1",)), form)

    assert "1000.01 is more than the 1000.00 that is left." in page.content.decode()
    assert Refund.objects.count() == 0


def test_a_refund_is_reversed_with_a_reason(bill: Bill) -> None:
    form = {"reference": "F1", "amount": "400", "refunded_date": "2026-05-01"}
    signed_in("leo").post(reverse("bills:record_refund", args=("P1",)), form)

    address = reverse("bills:reverse_refund", args=("F1",))
    done = signed_in("maya").post(address, {"reason": "mistake", "note": "Wrong order."}, follow=True)

    assert "Refund F1 is reversed." in done.content.decode()
    assert Account.objects.get().balance == D("1015.00")


def test_a_payout_is_asked_for_under_the_rule_that_is_shown(customer: Customer, bill: Bill) -> None:
    pay(customer, "1100.00")
    leo = signed_in("leo")
    address = reverse("bills:request_payout", args=("C-1",))
    form = {"reference": "O1", "amount": "85.00", "channel": "transfer", "reason": "The customer asked."}

    shown = leo.get(address).content.decode()
    sent = leo.post(address, form, follow=True).content.decode()
    above = leo.post(address, form | {"reference": "O2", "amount": "85.01"}).content.decode()

    asked = ApprovalRequest.objects.get()
    assert "Team lead" in shown
    assert (asked.amount, asked.rule.tier) == (D("85.00"), "T1")
    assert f"Request {asked.reference} is sent." in sent
    assert "The credit balance of C-1 is 85.00, less than 85.01." in above
    assert asked.reference in read(leo, "bills:customer", "C-1")


def test_a_payout_that_came_back_is_reversed_on_its_page(customer: Customer, bill: Bill) -> None:
    pay(customer, "1100.00")
    form = {"reference": "O1", "amount": "85.00", "channel": "transfer", "reason": "The customer asked."}
    signed_in("leo").post(reverse("bills:request_payout", args=("C-1",)), form)
    asked = ApprovalRequest.objects.get()
    approvals.decide(
        reference=asked.reference,
        verdict=Verdict.APPROVE,
        reason="",
        by=access.person("lara", role="team_lead"),
        at=asked.made_at,
    )
    paid = Payout.objects.get()

    maya = signed_in("maya")
    shown = read(maya, "bills:payout", paid.reference)
    address = reverse("bills:reverse_payout", args=(paid.reference,))
    done = maya.post(address, {"reason": "bounced", "note": "Account closed."}, follow=True).content.decode()

    assert address in shown
    assert f"Payout {paid.reference} is reversed." in done
    assert address not in done
    assert Account.objects.get().credit_balance == D("85.00")
    assert reverse("bills:payout", args=(paid.reference,)) in read(maya, "bills:customer", "C-1")


@pytest.mark.parametrize(
    ("username", "name", "words"),
    [
        ("anna", "bills:record_refund", ("P1",)),
        ("anna", "bills:request_payout", ("C-1",)),
        ("adam", "bills:purchases", ()),
        ("adam", "bills:purchase", ("P1",)),
        ("adam", "bills:settlement", ("B-P1",)),
    ],
)
def test_who_lacks_the_permission_is_told_which(bill: Bill, username: str, name: str, words: tuple[str, ...]) -> None:
    answer = signed_in(username).get(reverse(name, args=words))

    assert answer.status_code == 403
    assert "You need the permission" in answer.content.decode()
