"""Of which day and period an account's statement is wanted, and in which language it is issued."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.domain.dates import add_months
from apps.core.forms import Day

MONTHS = 3  # that a statement covers unless told


class Period(forms.Form):
    """The day at whose end the account is shown, the first day of the entries, and the moment it was known by."""

    date = Day(label=_("As of"), required=False)
    known = forms.DateTimeField(
        label=_("As booked by"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, data: Any, *, business_date: dt.date) -> None:
        wanted = data or {"from": (add_months(business_date, -MONTHS) + dt.timedelta(1)).isoformat()}
        super().__init__({"date": business_date.isoformat(), **{key: wanted[key] for key in wanted if wanted[key]}})
        self.fields = {"from": Day(label=_("Entries since"), required=False), **self.fields}
        self.business_date = business_date

    def clean_date(self) -> dt.date:
        """No day that is still to come."""
        date: dt.date = self.cleaned_data["date"] or self.business_date
        if date > self.business_date:
            raise forms.ValidationError(
                _("%(date)s is after the business date %(today)s."),
                params={"date": date, "today": self.business_date},
            )
        return date

    def clean(self) -> dict[str, Any]:
        """A period begins before it ends."""
        since, date = self.cleaned_data.get("from"), self.cleaned_data.get("date")
        if since and date and since > date:
            sentence = _("The entries would begin on %(since)s, after the statement's day %(date)s.")
            self.add_error("from", forms.ValidationError(sentence, params={"since": since, "date": date}))
        return self.cleaned_data

    @property
    def period(self) -> dict[str, Any]:
        """What was asked for, as the query takes it."""
        asked = self.cleaned_data
        return {"date": asked["date"], "since": asked["from"], "known_at": asked["known"]}


class Language(forms.Form):
    """The language of the paper: the reader's or the customer's."""

    language = forms.ChoiceField(label=_("Language of the paper"), choices=settings.LANGUAGES)
