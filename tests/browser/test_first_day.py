"""An agent's first day: from the log-in to a promise that the auditor finds in the trail."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from apps.cases.models import Case, Promise
from apps.closing.models import Day
from tests.browser.conftest import NARROW, WIDE, OpenDesk
from tests.factories import access, bills
from tests.factories import cases as factory
from tests.factories.customers import customer, reachable

NOON = dt.datetime(2026, 5, 11, 4, tzinfo=dt.UTC)  # in Shanghai
TODAY = dt.date(2026, 5, 11)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The clock of the site stands at an hour at which customers may be called."""
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def case(site: str) -> Case:
    """Two customers who are late, the second with less; the day before is closed."""
    Day.objects.create(date=TODAY - dt.timedelta(1), status="closed", partitions=1, started_at=NOON, closed_at=NOON)
    terms = bills.terms()
    first = reachable(reference="C-1", name="Amber Fig")
    bills.bought(first, terms, dt.date(2026, 4, 5), "1000.00")
    made = factory.case(first, oldest_due_date=dt.date(2026, 5, 5), opened=TODAY - dt.timedelta(1))
    factory.task(made, due_date=TODAY)
    factory.case(customer(reference="C-2", name="Beech Plum"), priority=10)
    return made


def test_an_agents_first_day(case: Case, desk: OpenDesk) -> None:
    anna = access.person("anna", password=access.PASSWORD)
    otto = access.person("otto", password=access.PASSWORD)
    window = desk()

    page = window.log_in(anna)
    page.get_by_role("navigation").get_by_role("link", name="Worklist").click()
    page.wait_for_url("**/worklist/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.reference}/")
    page.keyboard.press("1")
    assert page.get_by_label("Promise to pay").is_checked()
    page.get_by_label("Promised amount").fill("600.00")
    page.get_by_label("To be paid by").fill("2026-05-20")
    page.get_by_label("Note").fill("Will pay on pay day.")
    page.get_by_role("button", name="Record", exact=True).click()

    page.get_by_text("The call is recorded.").wait_for()
    history = page.get_by_role("region", name="History")
    assert "Promise to pay · 600.00 by 2026-05-20" in history.inner_text()
    assert "Will pay on pay day." in history.inner_text()
    assert Promise.objects.get().status == "open"
    assert window.complaints == []

    audit = desk()
    page = audit.log_in(otto)
    page.get_by_role("navigation").get_by_role("link", name="Audit trail").click()
    page.get_by_text("Recorded that C-1 promises 600.00 by 2026-05-20.").first.wait_for()
    assert audit.complaints == []


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh-hans")], ids=["wide", "narrow"])
def test_the_pages_of_work_are_accessible_and_fit(
    case: Case, desk: OpenDesk, size: tuple[int, int], language: str
) -> None:
    leo = access.person("leo", password=access.PASSWORD, language=language)
    bill = case.customer.bills.get()
    window = desk(size)
    window.log_in(leo)
    wrong = {}

    for path in (
        "/worklist/",
        f"/cases/{case.reference}/",
        "/cases/team/",
        "/strategies/",
        "/strategies/baitiao-standard/1/",
        "/customers/",
        "/customers/C-1/",
        "/customers/C-1/ledger/",
        "/customers/C-1/repayment/",
        "/bills/",
        f"/bills/{bill.reference}/",
        f"/bills/{bill.reference}/waiver/",
        "/repayments/",
    ):
        window.open(path)
        found = [*window.findings(), *window.complaints]
        if window.overflow() > 0:
            found.append(f"{window.overflow()} pixels too wide")
        if found:
            wrong[path] = found
        window.complaints.clear()

    assert wrong == {}
