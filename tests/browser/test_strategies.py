"""The pages of strategies in a real browser: a draft is drawn, edited row by row and checked while it is typed."""

import pytest
from django.utils import timezone

from apps.cases.actions import strategy_drafts
from apps.cases.models import StrategyVersion
from tests.browser.conftest import NARROW, WIDE, OpenDesk
from tests.factories import access

PAGES = (
    "/strategies/",
    "/strategies/baitiao-standard/2/",
    "/strategies/baitiao-standard/2/edit/",
    "/strategies/baitiao-standard/2/publication/",
    "/strategies/baitiao-standard/2/simulation/",
    "/strategies/compare/?from=baitiao-standard@1&to=baitiao-standard@2",
)


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh-hans")], ids=["wide", "narrow"])
def test_the_pages_of_strategies_are_accessible_and_fit(desk: OpenDesk, size: tuple[int, int], language: str) -> None:
    window = desk(size)
    rita = access.person("rita", password=access.PASSWORD, language=language)
    window.log_in(rita)
    document = StrategyVersion.objects.get().document | {
        "segments": [{"code": "small", "amount_below": "500.00"}],
        "experiment": {"salt": "q2", "arms": [{"code": "now", "role": "champion", "weight": 90}]},
    }
    strategy_drafts.draw(document=document, by=rita, at=timezone.now())
    findings = []

    for path in PAGES:
        window.open(path)
        findings += [f"{path} {finding}" for finding in window.findings()]
        if window.overflow() > 0:
            findings.append(f"{path} is too wide by {window.overflow()}")

    assert findings == []
    assert window.complaints == []


def test_a_draft_is_edited_row_by_row(desk: OpenDesk) -> None:
    window = desk()
    rita = access.person("rita", password=access.PASSWORD)
    window.log_in(rita)
    page = window.open("/strategies/baitiao-standard/1/")

    page.get_by_role("button", name="Draw a new version").click()
    page.get_by_label("From day").nth(2).fill("4")
    page.get_by_text("leaves a gap: it begins at 4 days").wait_for()
    page.get_by_label("From day").nth(2).fill("")
    page.get_by_text("Nothing is wrong with it.").wait_for()
    page.get_by_role("button", name="Add a segment").click()
    page.locator("[name=segment-0-code]").fill("small")
    page.locator("[name=segment-0-amount_below]").fill("500.00")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_url("**/strategies/baitiao-standard/2/")

    assert StrategyVersion.objects.get(version=2).document["segments"] == [{"code": "small", "amount_below": "500.00"}]
    assert window.complaints == []
