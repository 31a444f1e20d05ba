"""The pages of customers, bills and money."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.access.models import ApprovalRequest
from apps.bills.actions import repayments
from apps.bills.domain.kinds import Component
from apps.bills.models import Account, Bill, LedgerEntry, Product, Repayment, Waiver
from apps.bills.queries import ledger, receipts
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day
from apps.customers.domain.contact import ContactKind
from apps.customers.models import ContactPoint, Customer
from tests.bills.conftest import AT, BY
from tests.factories import access, customers

pytestmark = pytest.mark.django_db
Buy = Callable[..., Bill]
D = Decimal


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def read(client: Client, name: str, *words: str, **query: str) -> str:
    answer = client.get(reverse(name, args=words), query)
    assert answer.status_code == 200
    return answer.content.decode()


def closed(day: dt.date) -> None:
    Day.objects.create(date=day, status=DayStatus.CLOSED, partitions=1, started_at=AT, closed_at=AT)


def pay(customer: Customer, reference: str, date: dt.date, amount: str) -> Repayment:
    return repayments.record(
        customer=customer, reference=reference, amount=D(amount), received_date=date, business_date=date, by=BY, at=AT
    )


@pytest.fixture
def late(customer: Customer, buy: Buy) -> Bill:
    """A bill of 1000.00 that is forty days late on the last closed day."""
    bill = buy("P1", dt.date(2026, 4, 10), "1000.00")
    closed(dt.date(2026, 6, 19))
    Account.objects.filter(customer=customer).update(
        oldest_due_date=dt.date(2026, 5, 10), late_since_date=dt.date(2026, 5, 10), bucket="M2"
    )
    return bill


def test_a_customer_is_found_by_the_beginning_of_the_reference_and_by_a_part_of_the_name(customer: Customer) -> None:
    Customer.objects.create(reference="D-2", name="李小花", joined_date=dt.date(2026, 1, 1))
    anna = signed_in("anna")

    by_reference = read(anna, "bills:customers", q="c-")
    by_name = read(anna, "bills:customers", q="小花")

    assert ("C-1" in by_reference, "D-2" in by_reference) == (True, False)
    assert ("C-1" in by_name, "D-2" in by_name) == (False, True)


def test_customers_are_filtered_by_bucket(late: Bill) -> None:
    Customer.objects.create(reference="D-2", name="Beech Plum", joined_date=dt.date(2026, 1, 1))

    page = read(signed_in("anna"), "bills:customers", bucket="M2")

    assert ("C-1" in page, "D-2" in page) == (True, False)


def test_the_statement_shows_the_standing_and_masks_the_telephone(customer: Customer, late: Bill) -> None:
    customers.line(customer)
    ContactPoint.objects.create(customer=customer, kind=ContactKind.PHONE, value="13812341234")

    page = read(signed_in("anna"), "bills:customer", "C-1")

    assert "138****1234" in page
    assert "13812341234" not in page
    assert "40 days" in page
    assert "Special mention" in page
    assert "4,000.00" in page  # of the limit


def test_the_ledger_runs_the_balance_across_its_pages(customer: Customer, buy: Buy) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00")
    for number in (1, 2, 3):
        pay(customer, f"R{number}", dt.date(2026, 5, number), "100.00")

    first = ledger.sheet(LedgerEntry.objects.all(), customer, size=2)
    second = ledger.sheet(LedgerEntry.objects.all(), customer, after=ledger.key(first.older), size=2)

    lines = [*first.lines, *second.lines]
    assert [(line.entry.amount, line.balance) for line in lines] == [
        (D("-100.00"), D("700.00")),
        (D("-100.00"), D("800.00")),
        (D("-100.00"), D("900.00")),
        (D("1000.00"), D("1000.00")),
    ]
    assert second.older is None


def test_a_bill_shows_what_each_component_came_to(customer: Customer, late: Bill) -> None:
    pay(customer, "R1", dt.date(2026, 5, 15), "503.50")

    page = read(signed_in("anna"), "bills:bill", "B-P1")

    assert "3.50" in page  # late fee charged and paid
    assert "500.00" in page
    assert "M2" in page


def test_a_repayment_shows_what_it_settled_of_each_bill_and_what_is_left(customer: Customer, late: Bill) -> None:
    paid = pay(customer, "R1", dt.date(2026, 5, 15), "1100.00")
    anna = signed_in("anna")

    found = receipts.allocation(LedgerEntry.objects.filter(repayment=paid))
    page = read(anna, "bills:repayment", "R1")

    assert found.components == (Component.PRINCIPAL, Component.LATE_FEE)
    assert [(row.bill.reference, dict(row.by_component), row.total) for row in found.rows] == [
        ("B-P1", {Component.PRINCIPAL: D("1000.00"), Component.LATE_FEE: D("3.50")}, D("1003.50"))
    ]
    assert (found.total, found.remainder) == (D("1003.50"), D("96.50"))
    assert "1,003.50" in page
    assert "96.50" in page


def test_a_reversed_repayment_settles_nothing_and_says_so(customer: Customer, late: Bill) -> None:
    paid = pay(customer, "R1", dt.date(2026, 5, 15), "1100.00")
    repayments.reverse(repayment=paid, reason="bounced", business_date=dt.date(2026, 6, 20), by=BY, at=AT)

    found = receipts.allocation(LedgerEntry.objects.filter(repayment=paid))
    page = read(signed_in("anna"), "bills:repayment", "R1")

    assert (found.rows, found.remainder) == ((), 0)
    assert "Reversed on 2026-06-20" in page


def test_bills_are_filtered_by_product(customer: Customer, late: Bill) -> None:
    anna = signed_in("anna")
    Product.objects.create(code="other", name="Another", currency="CNY", mode="order")

    assert "B-P1" in read(anna, "bills:bills", product="deferred")
    assert "B-P1" not in read(anna, "bills:bills", product="other")


def test_recording_a_repayment_books_it_once(customer: Customer, late: Bill) -> None:
    leo = signed_in("leo")
    form = {"reference": "R1", "amount": "200.00", "received_date": "2026-06-20", "channel": "transfer"}
    address = reverse("bills:record_repayment", args=("C-1",))

    first = leo.post(address, form, follow=True)
    again = leo.post(address, form, follow=True)

    assert "Repayment R1 is booked." in first.content.decode()
    assert "was recorded before; nothing was booked." in again.content.decode()
    assert Repayment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"amount": "1.234"}, "1.234 has more than two decimals."),
        ({"amount": "0"}, "0 is not above zero."),
        ({"amount": "-5"}, "-5 is not above zero."),
        ({"amount": "a lot"}, "“a lot” is not an amount of money."),
        ({"amount": "NaN"}, "“NaN” is not an amount of money."),
        ({"amount": "1e3"}, "“1e3” is not an amount of money."),
        ({"amount": "12345678901"}, "12345678901 is larger than an amount may be"),
        ({"received_date": "2026-02-30"}, "“2026-02-30” is not a date like 2026-01-31."),
        ({"received_date": "1899-12-31"}, "1899-12-31 is before 1900."),
        ({"received_date": "2026-06-21"}, "2026-06-21 is after the business date 2026-06-20."),
        ({"reference": ""}, "This field is required."),
        ({"bill": "B-of-somebody"}, "not one of the available choices"),
    ],
)
def test_a_repayment_that_cannot_be_is_refused_in_the_form(
    customer: Customer, late: Bill, change: dict[str, str], sentence: str
) -> None:
    form = {"reference": "R1", "amount": "200.00", "received_date": "2026-06-20"} | change

    page = signed_in("leo").post(reverse("bills:record_repayment", args=("C-1",)), form)

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert Repayment.objects.count() == 0


def test_the_reference_of_another_repayment_is_refused_in_the_form(customer: Customer, late: Bill) -> None:
    pay(customer, "R1", dt.date(2026, 5, 15), "100.00")

    form = {"reference": "R1", "amount": "200.00", "received_date": "2026-06-20"}
    page = signed_in("leo").post(reverse("bills:record_repayment", args=("C-1",)), form)

    assert "Repayment R1 is known with other content." in page.content.decode()
    assert Repayment.objects.get().amount == D("100.00")


def test_a_manager_reverses_a_repayment_with_a_reason(customer: Customer, late: Bill) -> None:
    pay(customer, "R1", dt.date(2026, 5, 15), "100.00")
    maya = signed_in("maya")
    address = reverse("bills:reverse_repayment", args=("R1",))

    without = maya.post(address, {"reason": "bounced", "note": " "})
    done = maya.post(address, {"reason": "bounced", "note": "The bank took it back."}, follow=True)
    twice = maya.post(address, {"reason": "bounced", "note": "Once more."})

    assert "This field is required." in without.content.decode()
    assert "Repayment R1 is reversed." in done.content.decode()
    assert "R1 was reversed already on 2026-06-20." in twice.content.decode()


def test_a_waiver_is_asked_for_under_the_rule_that_is_shown(customer: Customer, late: Bill) -> None:
    pay(customer, "R1", dt.date(2026, 5, 15), "1.00")  # charges 3.50 and pays 1.00 of it
    anna = signed_in("anna")
    address = reverse("bills:request_waiver", args=("B-P1",))

    form = anna.get(address).content.decode()
    sent = anna.post(address, {"amount": "2.50", "reason": "The bank was closed."}, follow=True)

    assert "Team lead" in form
    request = ApprovalRequest.objects.get()
    assert (request.amount, request.subject_reference, request.rule.tier) == (D("2.50"), "B-P1", "T1")
    assert f"Request {request.reference} is sent." in sent.content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"amount": "27.01"}, "The late fee owed is 27.00; no more than that can be waived."),
        ({"amount": "0"}, "0 is not above zero."),
        ({"reason": "  "}, "This field is required."),
    ],
)
def test_a_waiver_that_cannot_be_is_refused_in_the_form(
    customer: Customer, late: Bill, change: dict[str, str], sentence: str
) -> None:
    pay(customer, "R1", dt.date(2026, 5, 15), "1.00")

    form = {"amount": "2.50", "reason": "The bank was closed."} | change
    page = signed_in("anna").post(reverse("bills:request_waiver", args=("B-P1",)), form)

    assert sentence in page.content.decode()
    assert ApprovalRequest.objects.count() == 0


def test_a_team_lead_agrees_and_the_fee_is_waived(customer: Customer, late: Bill) -> None:
    pay(customer, "R1", dt.date(2026, 5, 15), "1.00")
    address = reverse("bills:request_waiver", args=("B-P1",))
    signed_in("anna").post(address, {"amount": "2.50", "reason": "The bank was closed."})
    leo = signed_in("leo")

    reference = ApprovalRequest.objects.get().reference
    leo.post(reverse("access:approval-decide", args=(reference,)), {"verdict": "approve"})

    assert (Waiver.objects.get().amount, ApprovalRequest.objects.get().status) == (D("2.50"), "approved")


@pytest.mark.parametrize(
    ("username", "name", "words"),
    [
        ("anna", "bills:record_repayment", ("C-1",)),
        ("leo", "bills:reverse_repayment", ("R1",)),
        ("otto", "bills:request_waiver", ("B-P1",)),
        ("adam", "bills:customers", ()),
        ("adam", "bills:customer", ("C-1",)),
        ("adam", "bills:ledger", ("C-1",)),
        ("adam", "bills:bills", ()),
        ("adam", "bills:bill", ("B-P1",)),
        ("adam", "bills:repayments", ()),
        ("adam", "bills:repayment", ("R1",)),
    ],
)
def test_who_lacks_the_permission_is_told_which(
    customer: Customer, late: Bill, username: str, name: str, words: tuple[str, ...]
) -> None:
    pay(customer, "R1", dt.date(2026, 5, 15), "100.00")

    answer = signed_in(username).post(reverse(name, args=words), {"reason": "x", "reference": "R2", "amount": "1"})

    assert answer.status_code == 403
    assert "You need the permission" in answer.content.decode()
    assert Repayment.objects.get().status == "booked"


def test_what_is_unknown_is_not_found() -> None:
    anna = signed_in("anna")

    for name in ("bills:customer", "bills:ledger", "bills:bill", "bills:repayment"):
        assert anna.get(reverse(name, args=("nobody",))).status_code == 404


@pytest.mark.parametrize("name", ["bills:customers", "bills:bills", "bills:repayments"])
def test_a_list_asks_no_more_of_the_database_for_more_rows(customer: Customer, buy: Buy, name: str) -> None:
    anna = signed_in("anna")
    questions = []

    for count in (1, 3):
        while Bill.objects.count() < count:
            number = Bill.objects.count()
            other = Customer.objects.create(reference=f"X-{number}", name="Elm Pear", joined_date=dt.date(2026, 1, 1))
            buy(f"P{number}", dt.date(2026, 4, 10), "100.00")
            pay(customer, f"R{number}", dt.date(2026, 4, 11), "10.00")
            pay(other, f"S{number}", dt.date(2026, 4, 11), "10.00")
        with CaptureQueriesContext(connection) as asked:
            read(anna, name)
        questions.append(len(asked))

    assert questions[0] == questions[1]


def test_a_customers_page_asks_no_more_of_the_database_for_more_bills(customer: Customer, buy: Buy) -> None:
    anna = signed_in("anna")
    questions = []
    for number in range(3):
        buy(f"P{number}", dt.date(2026, 4, 10), "100.00")
        pay(customer, f"R{number}", dt.date(2026, 4, 11), "60.00")
        with CaptureQueriesContext(connection) as asked:
            read(anna, "bills:customer", "C-1")
        questions.append(len(asked))

    assert questions[0] == questions[2]


def test_the_search_box_leads_to_a_customer_and_to_a_bill(customer: Customer, late: Bill) -> None:
    anna = signed_in("anna")

    assert anna.get("/find", {"q": "c-1"})["Location"] == "/customers/C-1/"
    assert anna.get("/find", {"q": "B-P1"})["Location"] == "/bills/B-P1/"
