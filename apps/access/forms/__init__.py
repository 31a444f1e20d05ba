"""What the pages of the shell and of the approvals take in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.domain.approval import Verdict
from apps.access.domain.exports import OF_PEOPLE
from apps.access.queries import actors
from apps.audit import filters
from apps.audit.queries.files import Format

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LogIn(forms.Form):
    """A user name and a password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
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


class Comment(forms.Form):
    """Something said to a request."""

    text = forms.CharField(label=_("Comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class ExportTrail(forms.Form):
    """A period of the trail, what of it, how, and why; the filters are those of the trail's list."""

    first_date = forms.DateField(label=_("From"), widget=DAY)
    last_date = forms.DateField(label=_("To"), widget=DAY)
    file_format = forms.ChoiceField(label=_("Format"), choices=[(kind.value, kind.name) for kind in Format])
    purpose = forms.CharField(
        label=_("Purpose of the export"), max_length=200, help_text=_("It is kept in the trail and in the export.")
    )
    continues = forms.CharField(
        label=_("Checkpoint that the receiver holds"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        strip=False,
        help_text=_("Its whole text. The export then proves that the trail continues it."),
    )
    is_sealed_part = forms.BooleanField(
        label=_("Only as far as the trail is sealed, where it is not yet"), required=False
    )

    is_clear = forms.BooleanField(
        label=_("With personal data in clear"),
        required=False,
        help_text=_("Somebody must agree first; what was erased stays erased. Only you can take the file."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Take what the trail can be narrowed by, too."""
        super().__init__(*args, **options)
        narrowing = filters.Operations().form.fields
        self.fields |= {name: narrowing[name] for name in filters.criteria()}

    def clean(self) -> dict[str, Any]:
        """What was typed, the filters by themselves, people by their identifiers."""
        taken = super().clean() or {}
        chosen = {name: str(taken.pop(name, None) or "").strip() for name in filters.criteria()}
        for name in OF_PEOPLE:
            if chosen.get(name):
                chosen[name] = actors.identifier(chosen[name])
        taken["filters"] = {name: value for name, value in chosen.items() if value}
        taken["continues"] = taken.get("continues", "").replace("\r\n", "\n")
        return taken
