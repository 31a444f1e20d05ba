"""What forms of every app share: a day to type, and a refusal told where it was typed."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.domain.refusal import Forbidden, Refused


@contextmanager
def told(form: forms.Form) -> Iterator[None]:
    """Say in the form why what it asks for was refused, so that nothing typed is lost."""
    try:
        yield
    except Forbidden:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.sentence)


class Day(forms.DateField):
    """A date by the browser's own picker; what is none is named."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> dt.date | None:
        """Read a date like 2026-01-31."""
        try:
            found: dt.date | None = super().to_python(value)
        except forms.ValidationError:
            sentence = _("“%(value)s” is not a date like 2026-01-31.")
            raise forms.ValidationError(sentence, code="date", params={"value": value}) from None
        return found
