"""The pages of suspense and of files of repayments in a real browser."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import LazySettings

from apps.audit import actions as audit
from apps.bills import tasks
from apps.bills.actions import suspense
from config import celery
from tests.browser.conftest import NARROW, WIDE, OpenDesk
from tests.factories import access, bills
from tests.factories.customers import customer

LINES = "reference,customer,received_date,amount\nR1,C-1,2026-05-01,100.00\nR2,C-1,2026-05-01,0\n"


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh-hans")], ids=["wide", "narrow"])
def test_suspense_and_intakes_are_accessible_and_a_file_is_watched(
    desk: OpenDesk,
    language: str,
    size: tuple[int, int],
    tmp_path: Path,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(celery.app.conf, "broker_url", "memory://")
    with audit.operation("test.arrange", by=bills.BY, at=bills.AT):
        bills.bought(customer(reference="C-1", name="Amber Fig"), bills.terms(), dt.date(2026, 4, 10), "1000.00")
        customer(reference="C-2", name="Amber Figg")
        for number, payer in enumerate(("Amber Fig", "somebody with quite a long name " * 4)):
            suspense.park(
                reference=f"X{number}",
                amount=Decimal("1000.00"),
                received_date=dt.date(2026, 5, 1),
                business_date=dt.date(2026, 9, 1),
                payer=payer,
                purpose="for C-1, thank you",
                by=bills.BY,
                at=bills.AT,
            )
    file = tmp_path / "bank.csv"
    file.write_text(LINES, encoding="utf-8")
    window = desk(size)
    window.log_in(access.person("theo", password=access.PASSWORD, language=language))

    findings: list[str] = []
    for path in ("/", "/suspense/", "/suspense/X0/", "/suspense/X1/assignment/?customer=C-1", "/suspense/X1/return/"):
        window.open(path)
        findings += [f"{path} {finding}" for finding in window.findings()]
        assert window.overflow() <= 0, path
    page = window.open("/intakes/")
    findings += window.findings()
    assert window.overflow() <= 0
    page.locator("[name=file]").set_input_files(str(file))
    page.locator("main button.btn-primary").click()
    page.wait_for_selector("#intake progress")
    tasks.take_what_waits()
    page.wait_for_selector("#intake:not([hx-trigger]) table")
    findings += window.findings()
    assert window.overflow() <= 0
    window.open("/intakes/")
    findings += window.findings()

    assert window.overflow() <= 0
    assert findings == []
    assert window.complaints == []
