"""What people type about the roster."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.access.models import User
from apps.bills.models import Product
from apps.cases.actions.roster import LARGEST, Entry
from apps.cases.models import RosterEntry
from apps.cases.queries import roster
from apps.core.forms import Day
from apps.core.registry import word


class RosterForm(forms.Form):
    """What somebody may be given; whom it is about is asked only where nobody is named yet."""

    user = forms.ModelChoiceField(label=_("Agent"), queryset=User.objects.none())
    queues = forms.MultipleChoiceField(label=_("Queues"), widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(label=_("Languages"), widget=forms.CheckboxSelectMultiple)
    products = forms.MultipleChoiceField(
        label=_("Products"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: cases of every product."),
    )
    capacity = forms.IntegerField(label=_("Open cases at most"), min_value=0, max_value=LARGEST)
    away_until_date = Day(label=_("Away until"), required=False)

    def __init__(self, *arguments: Any, entry: RosterEntry | None = None, **options: Any) -> None:
        if entry is not None:
            names = ("queues", "languages", "products", "capacity", "away_until_date")
            options.setdefault("initial", {name: getattr(entry, name) for name in names})
        super().__init__(*arguments, **options)
        if entry is not None:
            del self.fields["user"]
        else:
            self.fields["user"].queryset = roster.candidates()  # type: ignore[attr-defined]
        choices = {
            "queues": [(queue, word("queue", queue).label) for queue in roster.queues()],
            "languages": [(code[:2], name) for code, name in settings.LANGUAGES],
            "products": list(Product.objects.order_by("name").values_list("code", "name")),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    @property
    def entry(self) -> Entry:
        """What was typed."""
        given = self.cleaned_data
        away: dt.date | None = given.get("away_until_date")
        return Entry(given["queues"], given["languages"], given["capacity"], given["products"], away)
