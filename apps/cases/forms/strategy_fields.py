"""What the editor of a strategy has typed: codes, lists of them, days, numbers and amounts."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.cases.domain.strategy_schema import AMOUNT, CODE

NARROW = {"autocomplete": "off", "spellcheck": "false"}
SEPARATOR = re.compile(r"[\s,，、;]+")


class Code(forms.RegexField):
    """A code of small letters, digits, hyphens and underscores."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            regex=CODE,
            max_length=40,
            widget=forms.TextInput(attrs=NARROW),
            error_messages={"invalid": _("A code has small letters, digits, hyphens and underscores.")},
            **options,
        )


class Codes(forms.CharField):
    """Several codes, separated by commas or spaces."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=400, widget=forms.TextInput(attrs=NARROW), **options)

    def to_python(self, value: Any) -> Any:
        """A list; an empty one where nothing is typed."""
        return [part for part in SEPARATOR.split(super().to_python(value) or "") if part]

    def prepare_value(self, value: Any) -> Any:
        """A list as it is typed."""
        return ", ".join(str(part) for part in value) if isinstance(value, list) else value


class Days(Codes):
    """Days past due, those before the due date below zero."""

    def to_python(self, value: Any) -> Any:
        """Whole numbers."""
        found = super().to_python(value)
        if not all(re.fullmatch(r"[-−]?\d{1,5}", part) for part in found):
            raise forms.ValidationError(_("Days are whole numbers, separated by commas."), code="days")
        return [int(part.replace("−", "-")) for part in found]


class Number(forms.IntegerField):
    """A whole number, typed as text so that no wheel of a mouse changes it."""

    def __init__(self, low: int, high: int, **options: Any) -> None:
        super().__init__(
            min_value=low, max_value=high, widget=forms.TextInput(attrs={"inputmode": "numeric", **NARROW}), **options
        )


class Amount(forms.RegexField):
    """An amount as a document says it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            regex=AMOUNT,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal", **NARROW}),
            error_messages={"invalid": _("An amount is written such as 500.00.")},
            **options,
        )
