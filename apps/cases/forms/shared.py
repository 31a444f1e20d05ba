"""What several pages ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Why(forms.Form):
    """The reason for what is done, for the trail."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept in the trail.")
    )
