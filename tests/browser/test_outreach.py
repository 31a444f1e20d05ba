"""The pages of outreach in a real browser: accessible, within the policy, no wider than the window."""

import pytest

from apps.customers.domain.contact import Channel
from tests.browser.conftest import NARROW, WIDE, OpenDesk
from tests.factories import access
from tests.factories.customers import customer as unreachable
from tests.factories.outreach import debtor, plan, queued, want


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh-hans")], ids=["wide", "narrow"])
def test_outreach_is_accessible_and_keeps_the_policy(desk: OpenDesk, language: str, size: tuple[int, int]) -> None:
    message = queued(debtor(language=language), Channel.EMAIL)
    plan(want(unreachable(), channels=(Channel.SMS,)))
    window = desk(size)
    window.log_in(access.person("leo", password=access.PASSWORD, language=language))

    findings: list[str] = []
    paths = (
        "/messages/",
        f"/messages/{message.reference}/",
        "/conduct/decisions/",
        "/conduct/rules/",
        "/conduct/texts/",
    )
    for path in paths:
        window.open(path)
        findings += [f"{path} {finding}" for finding in window.findings()]
        assert window.overflow() <= 0, path

    assert findings == []
    assert window.complaints == []
