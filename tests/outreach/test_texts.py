"""Texts: a closed set of placeholders, no evaluation, in both languages."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.domain.refusal import Refused
from apps.outreach.domain import texts
from apps.outreach.queries import shipped

VALUES = texts.values(
    language="en",
    name="Chen Anna",
    lender="Whiteslip",
    amount=Decimal("1234.5"),
    currency="CNY",
    due_date=dt.date(2026, 3, 9),
    days=3,
)


def test_placeholders_are_filled_as_the_language_writes_them() -> None:
    chinese = texts.values(
        language="zh-hans",
        name="陈安娜",
        lender="Whiteslip",
        amount=Decimal("1234.5"),
        currency="CNY",
        due_date=dt.date(2026, 3, 9),
        days=3,
    )

    assert texts.fill(texts.parts("{name}: {amount}, {due_date}"), VALUES) == "Chen Anna: CNY 1,234.50, 2026-03-09"
    assert texts.fill(texts.parts("{name}：{due_date}"), chinese) == "陈安娜：2026年3月9日"


@pytest.mark.parametrize(
    "text", ["{secret}", "{name.__class__}", "{name[0]}", "{name!r}", "{amount:>9}", "{}", "{0}", "{name", "name}"]
)
def test_what_is_not_a_placeholder_of_ours_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        texts.parts(text)


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(Refused, match="needs 'amount'"):
        texts.fill(texts.parts("{amount}"), {"name": "Chen Anna"})


@given(value=st.text(max_size=40))
def test_a_value_is_never_read_as_a_text(value: str) -> None:
    assert texts.fill(texts.parts("{name}!"), {"name": value}) == f"{value}!"


@pytest.mark.parametrize(
    "row", shipped.load("templates"), ids=lambda row: f"{row['code']}-{row['channel']}-{row['language']}"
)
def test_every_shipped_text_is_clean_and_complete(row: dict[str, str]) -> None:
    text = f"{row['subject']}\n{row['body']}"

    texts.lint(row["channel"], text, shipped.wordings())

    filled = texts.fill(texts.parts(text), VALUES)
    assert "{" not in filled.replace(texts.LINK, "")  # its address comes when it is sent
    assert "{lender}" in row["body"]


def test_every_purpose_is_shipped_on_every_channel_in_both_languages() -> None:
    keys = {(row["code"], row["channel"], row["language"]) for row in shipped.load("templates")}

    assert keys == {
        (code, channel, language)
        for code in ("pre_due", "auto_reminder", "social", "arrangement_offer")
        for channel in ("app", "sms", "email", "wechat", "qq")
        for language in ("en", "zh-hans")
    }


@pytest.mark.parametrize(
    ("channel", "text", "code"),
    [
        ("app", "Pay, or the police will hear of it", "wording_banned"),
        ("app", "否则我们将通知您的家人", "wording_banned"),
        ("email", "Please pay", "opt_out_missing"),
        ("sms", "请还款", "opt_out_missing"),
        ("app", "Dear {nickname}", "placeholder_unknown"),
    ],
)
def test_a_text_that_may_not_be_sent_is_refused(channel: str, text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        texts.lint(channel, text, shipped.wordings())

    assert refusal.value.code == code
