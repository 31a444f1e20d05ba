"""What is said of an agency."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NewAgency(forms.Form):
    """An agency to be put on the white list."""

    name = forms.CharField(label=_("Name"), max_length=100)
    code = forms.SlugField(label=_("Code"), max_length=50, help_text=_("Small letters, digits and hyphens."))


class Strike(forms.Form):
    """Why an agency is struck off the list."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
