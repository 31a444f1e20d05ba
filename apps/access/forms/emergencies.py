"""Taking a role in an emergency, and its review, as they are typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.domain.emergency import LONGEST_HOURS, Finding
from apps.access.models import User
from apps.access.queries import emergencies, wording


class Take(forms.Form):
    """Which role, for how long and why."""

    role = forms.ChoiceField(label=_("Role"))
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=LONGEST_HOURS, initial=1)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *arguments: Any, person: User, **options: Any) -> None:
        """Offer the roles that the person may take."""
        super().__init__(*arguments, **options)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.code, wording.role(role.code, role.name)) for role in emergencies.roles_to_take(person)
        ]


class Review(forms.Form):
    """What a controller found."""

    finding = forms.ChoiceField(
        label=_("Finding"), choices=[(str(finding), word.label) for finding, word in emergencies.FINDINGS.items()]
    )
    note = forms.CharField(label=_("What was found"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_finding(self) -> Finding:
        """The finding as such."""
        return Finding(self.cleaned_data["finding"])
