"""An auditor's way through the trail in a real browser."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import LazySettings

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit import tasks
from apps.audit.actions import sealing
from apps.audit.models import Verification
from apps.core.domain.actor import System
from config import celery
from tests.browser.conftest import NARROW, WIDE, OpenDesk
from tests.factories import access

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh-hans")], ids=["wide", "narrow"])
def test_an_auditor_goes_from_a_filter_to_what_changed_and_has_the_book_verified(
    desk: OpenDesk,
    size: tuple[int, int],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
    tmp_path: Path,
) -> None:
    settings.AUDIT_KEY_FILE, settings.AUDIT_ANCHORS = str(tmp_path / "audit.pem"), str(tmp_path)
    monkeypatch.setattr(celery.app.conf, "broker_url", "memory://")
    with audit.operation("test.arrange", by=BY, at=AT):
        otto = access.person("otto", password=access.PASSWORD, language=language)
        team = Team.objects.create(code="east", name="The east")
    with audit.operation("teams.rename", by=otto, at=AT, on=team, authority="rule:teams@1") as op:
        Team.objects.filter(pk=team.pk).update(name="The far east")
        op.sentence = "Renamed the east."
    sealing.seal(by=BY, at=AT)
    window = desk(size)
    page = window.log_in(otto)

    findings: list[str] = []

    def look() -> None:
        findings.extend(f"{page.url} {finding}" for finding in window.findings())
        assert window.overflow() <= 0, page.url

    window.open("/audit/")
    look()
    page.locator("[name=kind]").select_option("access.team")
    page.locator("[name=reference]").fill("east")
    page.locator("form[role=search].filters button").click()
    page.locator("#keep-name").fill("The east")
    page.locator("form:has(#keep-name) button").click()
    look()
    page.locator(".kept a").click()
    page.locator(f"td a[href='/audit/access.team/{team.pk}/']").first.click()
    assert "The far east" in page.inner_text("main")
    look()
    page.locator("h2 a[href^='/audit/']").first.click()
    assert "rule:teams@1" in page.inner_text("main")
    look()
    page.locator("a[href^='/audit/people/']").first.click()
    look()
    window.open("/audit/book/")
    look()
    page.locator("form[action='/audit/book/verify'] button").click()
    page.locator("#book[hx-get] progress").wait_for()
    tasks.verify(Verification.objects.get().pk)
    page.locator("#book:not([hx-get]) .badge.tone-good").wait_for()
    look()

    assert (findings, window.complaints) == ([], [])
