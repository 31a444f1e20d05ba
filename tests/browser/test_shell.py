"""The shell in a real browser: nothing that axe or the policy minds, in both languages, at both widths."""

import pytest

from tests.browser.conftest import NARROW, WIDE, OpenDesk
from tests.factories import access


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh-hans")], ids=["wide", "narrow"])
def test_the_shell_is_accessible_and_keeps_the_policy(desk: OpenDesk, language: str, size: tuple[int, int]) -> None:
    maya = access.person("maya", password=access.PASSWORD, language=language)
    window = desk(size)
    window.open("/login")
    findings = window.findings()
    window.log_in(maya)

    for path in ("/", "/approvals/", "/staff/", "/staff/roles", "/staff/authority", "/nowhere"):
        window.open(path)
        findings += [f"{path} {finding}" for finding in window.findings()]
        assert window.overflow() <= 0, path

    assert findings == []
    assert [said for said in window.complaints if "404" not in said] == []
    assert window.page.locator("html").get_attribute("lang") == {"en": "en", "zh-hans": "zh-Hans"}[language]


def test_the_keyboard_leads_through_the_shell(desk: OpenDesk) -> None:
    window = desk()
    page = window.log_in(access.person("maya", password=access.PASSWORD))

    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/approvals/")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.locator("#keys").wait_for(state="hidden")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"


def test_the_language_is_switched_and_kept(desk: OpenDesk) -> None:
    window = desk()
    page = window.log_in(access.person("maya", password=access.PASSWORD))

    page.locator("button[lang=zh-Hans]").click()
    page.wait_for_selector("html[lang=zh-Hans]")
    other = desk()
    other.log_in(access.person("maya"))

    assert other.page.locator("html").get_attribute("lang") == "zh-Hans"


def test_the_api_can_be_read_and_tried_under_the_policy(desk: OpenDesk) -> None:
    window = desk()
    window.log_in(access.person("maya", password=access.PASSWORD))

    page = window.open("/api/docs/")
    page.wait_for_selector("#swagger-ui .opblock")

    assert window.complaints == []
