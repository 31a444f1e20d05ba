"""What people say about placing a case with an agency."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.models import Agency
from apps.access.queries import scopes


class PlacementRequest(forms.Form):
    """With which agency a case is to be placed, and why."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.none())
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by whoever decides, and kept."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["agency"].queryset = scopes.listed()  # type: ignore[attr-defined]


class Recall(forms.Form):
    """Why a customer is taken back from an agency."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
