"""A customer's statement on the screen, on paper, as a PDF and over the API."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.audit.queries import trail
from apps.bills.actions import posting, repayments
from apps.bills.models import Bill
from apps.bills.providers import paper
from apps.bills.queries import standing
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY
from tests.factories import access

pytestmark = pytest.mark.django_db
Buy = Callable[..., Bill]
D = Decimal
ISSUED = dt.datetime(2026, 6, 20, 2, tzinfo=dt.UTC)


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


@pytest.fixture
def book(customer: Customer, buy: Buy) -> Bill:
    """A bill of 1000.00, forty days late on the last closed day, on which 300.00 was paid in time."""
    bill = buy("P1", dt.date(2026, 4, 10), "1000.00")
    date = dt.date(2026, 5, 8)
    repayments.record(
        customer=customer, reference="R1", amount=D("300.00"), received_date=date, business_date=date, by=BY, at=AT
    )
    Day.objects.create(date=dt.date(2026, 6, 19), status=DayStatus.CLOSED, partitions=1, started_at=AT, closed_at=AT)
    posting.post(customers=[customer.pk], by=BY, at=AT)  # the close of May charged 21 days of 0.49
    return bill


def shown(client: Client, **query: str) -> str:
    return client.get(reverse("bills:statement", args=("C-1",)), query).content.decode()


def issued(client: Client, how: str, **form: str) -> bytes:
    answer = client.post(reverse(f"bills:{how}_statement", args=("C-1",)), {"language": "en"} | form)
    assert answer.status_code == 200
    return answer.content


def test_the_screen_shows_the_account_of_the_business_date_unless_told(book: Bill) -> None:
    page = shown(signed_in("anna"))

    assert "2026-06-20" in page
    assert "CNY 710.29" in page
    assert "41 days" in page
    assert "9.80" in page  # 20 days of June at 0.49
    assert "CNY 720.09" in page


def test_a_day_in_the_past_is_shown_as_it_was(book: Bill) -> None:
    page = shown(signed_in("anna"), date="2026-05-01", **{"from": "2026-04-01"})

    assert "CNY 1,000.00" in page
    assert "R1" not in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"date": "2026-06-21"}, "2026-06-21 is after the business date 2026-06-20."),
        ({"date": "2026-02-30"}, "“2026-02-30” is not a date like 2026-01-31."),
        ({"from": "2026-06-02", "date": "2026-06-01"}, "The entries would begin on 2026-06-02, after the statement"),
        ({"known": "yesterday"}, "Enter a valid date/time."),
    ],
)
def test_a_statement_that_cannot_be_is_refused_in_the_form_and_over_the_api(
    book: Bill, query: dict[str, str], sentence: str
) -> None:
    anna = signed_in("anna")

    page = shown(anna, **query)
    answer = anna.get("/api/customers/C-1/statement/", query)
    paper = anna.post(reverse("bills:download_statement", args=("C-1",)), {"language": "en"} | query)

    assert sentence in page
    assert answer.status_code == 400
    assert sentence in str(answer.json())
    assert (paper.status_code, sentence in paper.content.decode()) == (409, True)


def test_the_api_tells_the_same_to_the_cent(customer: Customer, book: Bill) -> None:
    found = signed_in("anna").get("/api/customers/C-1/statement/", {"date": "2026-05-31"}).json()

    assert (found["opening"], found["balance"], found["accrued"]) == ("0.00", "710.29", "0.00")
    assert found["open"] == {"principal": "700.00", "late_fee": "10.29"}
    assert sum(D(entry["amount"]) for entry in found["entries"]) == D(found["balance"])
    assert found["entries"][-1]["balance"] == found["balance"]
    assert [(due["due_date"], due["open"], due["days"]) for due in found["bills"][0]["dues"]] == [
        ("2026-05-10", "700.00", 21)
    ]
    assert (found["lateness"]["days"], found["lateness"]["bucket"]) == (21, "M1")
    assert [entry["cause"] for entry in found["entries"] if entry["kind"] == "payment"] == ["R1"]


def test_a_pdf_is_kept_in_the_trail_with_its_digest(customer: Customer, book: Bill) -> None:
    document = issued(signed_in("anna"), "download", date="2026-05-31")

    entry = trail.operations().filter(action="bills.issue_statement").get()
    detail = trail.detail_of(entry)
    assert document.startswith(b"%PDF-")
    assert b"NotoSansSC" in document
    assert (entry.object_id, detail["form"], detail["date"]) == (str(customer.pk), "pdf", "2026-05-31")
    assert detail["sha256"] == hashlib.sha256(document).hexdigest()


def test_a_print_is_kept_in_the_trail_and_leaves_the_shell_out(book: Bill) -> None:
    page = issued(signed_in("anna"), "print", date="2026-05-31", language="zh-hans").decode()

    assert 'lang="zh-Hans"' in page
    assert "<nav" not in page
    assert "data-print" in page
    assert trail.operations().filter(action="bills.issue_statement").count() == 1


def test_looking_at_the_screen_makes_no_paper(book: Bill) -> None:
    anna = signed_in("anna")
    shown(anna)

    assert anna.get(reverse("bills:download_statement", args=("C-1",))).status_code == 405
    assert trail.operations().filter(action="bills.issue_statement").count() == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_same_statement_makes_the_same_pdf(customer: Customer, book: Bill, language: str) -> None:
    customer.name = "欧阳𠮷" + "长" * 60
    with translation.override(language):
        first, second = (
            paper.statement(
                standing.of(access.person("otto"), customer, date=dt.date(2026, 5, 31)), lender="白条", issued_at=ISSUED
            )
            for _ in range(2)
        )

    assert first == second


def test_a_long_ledger_runs_over_pages(customer: Customer, buy: Buy) -> None:
    for number in range(60):
        buy(f"P{number}", dt.date(2026, 4, 10), "1234567890.12")

    document = paper.statement(
        standing.of(access.person("otto"), customer, date=dt.date(2026, 5, 31)), lender="Whiteslip", issued_at=ISSUED
    )

    assert len(re.findall(rb"/Type /Page\b", document)) >= 4


@pytest.mark.parametrize("name", ["bills:statement", "bills:print_statement", "bills:download_statement"])
def test_whoever_may_not_read_bills_gets_no_statement(book: Bill, name: str) -> None:
    assert signed_in("adam").post(reverse(name, args=("C-1",))).status_code == 403
