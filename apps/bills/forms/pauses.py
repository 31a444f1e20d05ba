"""What people say about pauses."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bills.queries import wording
from apps.core.forms import Day


class Pause(forms.Form):
    """Why and when an account stands still."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[(name, word.label) for name, word in wording.PAUSES.items()])
    start_date = Day(label=_("First day"), help_text=_("May lie in the past: late fees since are taken back."))
    end_date = Day(
        label=_("First day that counts again"),
        required=False,
        help_text=_("Empty: the account stands still until somebody ends the pause."),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class PauseEnd(forms.Form):
    """When days count again."""

    end_date = Day(label=_("First day that counts again"))


class PauseCancellation(forms.Form):
    """Why a pause is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept in the trail.")
    )
