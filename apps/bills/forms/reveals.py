"""What people say when they have a personal value shown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.customers.models.sealed import Personal
from apps.customers.queries.reveals import REASONS


class RevealRequest(forms.Form):
    """Which value, and what for."""

    field = forms.ChoiceField(label=_("What is to be shown"))
    purpose = forms.ChoiceField(label=_("What for"), choices=[*REASONS.items(), ("other", _("Something else"))])
    reason = forms.CharField(
        label=_("In your own words"), max_length=300, required=False, help_text=_("Read by whoever watches over this.")
    )

    def __init__(self, *args: Any, values: Sequence[tuple[str, str, Personal]], **options: Any) -> None:
        """Offer the values that there are, masked."""
        super().__init__(*args, **options)
        self.fields["field"].choices = [  # type: ignore[attr-defined]
            (code, f"{label}: {value}") for code, label, value in values
        ]

    def clean(self) -> dict[str, Any]:
        """One reason out of the two; “something else” needs words."""
        told = super().clean() or {}
        chosen, words = told.get("purpose", ""), told.get("reason", "").strip()
        if chosen == "other" and not words:
            self.add_error("reason", _("Say what for."))
        named = str(REASONS.get(chosen, ""))
        return {**told, "why": f"{named}: {words}" if named and words else named or words}
