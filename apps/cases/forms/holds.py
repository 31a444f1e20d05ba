"""What people say about holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.models import User
from apps.cases.domain.holds import HoldKind
from apps.cases.queries import hold_words, holds

LONGEST = 2_000
TEXT = forms.Textarea(attrs={"rows": 3})


class NewHold(forms.Form):
    """Why collecting stands still, for how long, and what shows it."""

    kind = forms.TypedChoiceField(label=_("Kind"), coerce=HoldKind)
    days = forms.IntegerField(
        label=_("Days"), required=False, help_text=_("Left empty, it lasts as long as such a hold lasts.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=TEXT)
    evidence = forms.CharField(
        label=_("Document"), max_length=LONGEST, required=False, help_text=_("Which one, and where it is kept.")
    )

    def __init__(self, *arguments: Any, user: User, **options: Any) -> None:
        super().__init__(*arguments, **options)
        able = holds.placeable(user)
        self.fields["kind"].choices = [(kind.value, hold_words.kind(kind)) for kind in able]  # type: ignore[attr-defined]


class MoreDays(forms.Form):
    """How many days more, and why."""

    days = forms.IntegerField(label=_("Days more"))
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=TEXT)
