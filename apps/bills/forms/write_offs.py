"""What people say about write-offs."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WriteOffRequest(forms.Form):
    """Why a bill is to be written off, or that is to be reversed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by whoever decides, and kept."),
    )
