"""The pages of products in a real browser, and the preview that follows what is typed."""

import datetime as dt
from decimal import Decimal

import pytest

from apps.access.models import User
from apps.bills.domain.kinds import Mode
from tests.browser.conftest import NARROW, WIDE, OpenDesk
from tests.factories import access, bills

PAGES = (
    "/products/",
    "/products/order/",
    "/products/new/",
    "/caps/",
    "/caps/new/",
    "/products/order/conditions/",
    "/products/statement/",
)


def rita(language: str) -> User:
    return access.person("rita", password=access.PASSWORD, language=language)


def book() -> None:
    """Two versions of one product, the later one above the cap, and a product that bills by the month."""
    first = bills.terms(monthly_fee_rate=Decimal("0.005"), late_fee_daily_rate=Decimal("0.0005"), late_fees_in_cap=True)
    later = dt.date(2030, 1, 1)
    bills.terms(product=first.product, monthly_fee_rate=Decimal("0.012"), effective_date=later, grace_days=3)
    bills.terms(Mode.STATEMENT, revolving_daily_rate=Decimal("0.0005"))


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh-hans")], ids=["wide", "narrow"])
def test_the_pages_of_products_are_accessible_and_fit(desk: OpenDesk, language: str, size: tuple[int, int]) -> None:
    window = desk(size)
    window.log_in(rita(language))
    book()
    findings = []

    for path in PAGES:
        window.open(path)
        findings += [f"{path} {finding}" for finding in window.findings()]
        if window.overflow() > 0:
            findings.append(f"{path} is too wide by {window.overflow()}")

    assert findings == []
    assert window.complaints == []


def test_the_preview_follows_what_is_typed(desk: OpenDesk) -> None:
    window = desk()
    window.log_in(rita("en"))
    book()
    page = window.open("/products/order/conditions/")

    page.get_by_label("Instalment fee a month").fill("0.5")
    page.get_by_text("338.33").first.wait_for()
    page.get_by_label("For a purchase of").fill("3000")
    page.get_by_text("1,015.00").first.wait_for()

    assert window.complaints == []
