"""The pages of customers, bills and money in a real browser: long names, ten digits, both languages, both widths."""

import datetime as dt
from decimal import Decimal

import pytest

from apps.access.models import User
from apps.bills.actions import repayments
from apps.customers.models import Customer
from tests.browser.conftest import NARROW, WIDE, OpenDesk
from tests.factories import access, bills

NAME = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Alexandria 欧阳司马"
REFERENCE = "LONG-REFERENCE-0123456789-0123456789-XY"
DAY = dt.date(2026, 4, 10)


def book() -> list[str]:
    """A customer with a bill of ten digits and two repayments, one of which bounced; the pages that show them."""
    customer = Customer.objects.create(reference=REFERENCE, name=NAME, joined_date=DAY)
    bill = bills.bought(customer, bills.terms(monthly_fee_rate=Decimal("0.006")), DAY, "1234567890.12", 12)
    paid = bills.paid(customer, dt.date(2026, 5, 8), "1034567890.12")
    bounced = bills.paid(customer, dt.date(2026, 5, 9), "99.99")
    repayments.reverse(
        repayment=bounced, reason="bounced", business_date=dt.date(2026, 5, 10), by=bills.BY, at=bills.AT
    )
    Customer.objects.create(reference="EMPTY", name="Nobody Yet", joined_date=DAY)
    mine = f"/customers/{REFERENCE}/"
    return [
        "/customers/",
        mine,
        f"{mine}statement/?from=",
        f"{mine}ledger/",
        f"{mine}repayment/",
        "/customers/EMPTY/",
        "/customers/EMPTY/statement/",
        "/bills/",
        f"/bills/{bill.reference}/",
        "/repayments/",
        f"/repayments/{paid.reference}/",
        f"/repayments/{paid.reference}/reversal/",
        f"/repayments/{bounced.reference}/",
    ]


def maya(language: str) -> User:
    return access.person("maya", password=access.PASSWORD, language=language)


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh-hans")], ids=["wide", "narrow"])
def test_the_pages_of_money_are_accessible_and_fit(desk: OpenDesk, language: str, size: tuple[int, int]) -> None:
    window = desk(size)
    window.log_in(maya(language))
    findings = []

    for path in book():
        window.open(path)
        findings += [f"{path} {finding}" for finding in window.findings()]
        if window.overflow() > 0:
            findings.append(f"{path} is too wide by {window.overflow()}")

    assert findings == []
    assert window.complaints == []


def test_a_statement_is_printed_from_a_page_of_its_own_and_comes_as_a_pdf(desk: OpenDesk) -> None:
    window = desk()
    window.log_in(maya("en"))
    book()
    asked = "window.print = () => { document.body.dataset.printed = 'yes' }"  # there is nobody for the dialog
    window.page.context.add_init_script(asked)
    page = window.open(f"/customers/{REFERENCE}/statement/?from=")

    with page.expect_download() as download:
        page.get_by_role("button", name="PDF").click()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Print").click()
    paper = opened.value
    paper.locator("body[data-printed]").wait_for()

    assert download.value.suggested_filename.startswith(f"statement-{REFERENCE}-")
    assert paper.locator("nav").count() == 0
    assert paper.get_by_text("1,234,567,890.12").count() >= 1
    assert paper.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
    assert window.complaints == []
