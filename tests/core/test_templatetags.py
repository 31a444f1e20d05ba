"""Figures and badges as people see them."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from apps.core import registry
from apps.core.registry import Word


def shown(template: str, **context: object) -> str:
    return Template(template).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("amount", "text"),
    [(Decimal("1234567.5"), "1,234,567.50"), (Decimal("-0.005"), "−0.01"), (Decimal(0), "0.00"), (None, "—")],
)
def test_money(amount: Decimal | None, text: str) -> None:
    assert shown("{{ amount|money }}", amount=amount) == text


def test_money_with_its_currency() -> None:
    assert shown("{{ amount|money:'CNY' }}", amount=Decimal("12.3")) == "CNY 12.30"


def test_dates_are_the_same_in_every_language() -> None:
    with translation.override("zh-hans"):
        assert shown("{{ day|day }}", day=dt.date(2005, 4, 30)) == "2005-04-30"
    assert shown("{{ day|day }}", day=None) == "—"


def test_a_moment_is_shown_where_the_product_lives() -> None:
    text = shown("{{ at|moment }}", at=dt.datetime(2026, 6, 1, 16, 30, tzinfo=dt.UTC))

    assert ">2026-06-02 00:30</time>" in text
    assert 'datetime="2026-06-01T16:30:00+00:00"' in text


@pytest.mark.parametrize(("days", "text"), [(0, "—"), (None, "—"), (1, "1 day"), (32, "32 days")])
def test_days_past_due(days: int | None, text: str) -> None:
    assert shown("{{ days|past_due }}", days=days) == text


def test_a_badge_has_its_words_and_its_tone() -> None:
    registry.words("test", {"hot": Word("Too <hot>", "bad")})

    assert shown('{% badge "test" "hot" %}') == '<span class="badge tone-bad">Too &lt;hot&gt;</span>'
    assert shown('{% badge "test" "cold" %}') == '<span class="badge tone-neutral">cold</span>'
    assert shown('{% badge "test" "" %}') == "—"


def test_a_field_shows_its_label_help_and_errors_and_ties_them_together() -> None:
    class Form(forms.Form):
        amount = forms.DecimalField(label="Amount", help_text="To the cent.")

    text = shown("{% field form.amount %}", form=Form({"amount": "much"}))

    assert 'class="form-control is-invalid"' in text
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in text
    assert 'id="id_amount_error"' in text
    assert "Enter a number." in text
