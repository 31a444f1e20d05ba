"""What the pages of the shell and of the approvals take in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.domain.approval import Verdict


class LogIn(forms.Form):
    """A user name and a password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class Decide(forms.Form):
    """A yes or a no from one of two buttons; a no needs its reason."""

    verdict = forms.ChoiceField(choices=[(verdict.value, verdict.value) for verdict in Verdict])
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A rejection needs one; it is kept."),
    )

    def clean(self) -> dict[str, Any]:
        """The verdict as such, with its reason."""
        taken = super().clean() or {}
        if taken.get("verdict") == Verdict.REJECT and not taken.get("reason"):
            self.add_error("reason", _("A rejection needs a reason."))
        if "verdict" in taken:
            taken["verdict"] = Verdict(taken["verdict"])
        return taken
