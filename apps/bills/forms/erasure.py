"""What people type about an erasure."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ErasureRequest(forms.Form):
    """Why a customer's personal data are to be erased."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the person asked for and when; read by whoever decides, and kept."),
    )
