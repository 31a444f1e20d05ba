"""What the pages about signing in take in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

LONGEST_PASSWORD = 200  # hashing takes as long as what is hashed
NEW = {"autocomplete": "new-password"}


def _policy() -> str:
    return " ".join(password_validators_help_texts())


class ChangePassword(forms.Form):
    """The old password, and the new one twice."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs=NEW),
        help_text=lazy(_policy, str)(),
    )
    again = forms.CharField(
        label=_("New password, once more"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs=NEW),
    )

    def clean(self) -> dict[str, Any]:
        """The same new password twice."""
        taken = super().clean() or {}
        if "again" in taken and taken.get("new") != taken.pop("again"):
            self.add_error("again", _("The two new passwords differ."))
        return taken


class NewPasskey(forms.Form):
    """What the key is called, and what the browser made."""

    name = forms.CharField(label=_("Name of the passkey"), max_length=60, help_text=_("Such as the device it is on."))
    credential = forms.CharField(required=False, widget=forms.HiddenInput)


class Factor(forms.Form):
    """A code, or what the browser answers for a passkey."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        taken = super().clean() or {}
        if not taken.get("code") and not taken.get("credential"):
            self.add_error("code", _("Type a code, or use a passkey."))
        return taken


class Code(forms.Form):
    """A code of the authenticator app, or one from paper."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class Confirm(forms.Form):
    """One's password, once more."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class SignInRule(forms.Form):
    """What a role asks of those who sign in, and why it should."""

    second_factor = forms.BooleanField(label=_("A password alone is not enough"), required=False)
    idle_minutes = forms.IntegerField(
        label=_("Minutes without use after which a session ends"),
        required=False,
        min_value=1,
        max_value=1440,
        help_text=_("Empty: as for everybody."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class Reason(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
