"""What people type to let bills fall due anew."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bills.domain.kinds import RestructuringKind
from apps.bills.domain.restructuring import LONGEST
from apps.bills.queries import plan_wording
from apps.core.forms import Day


class Plan(forms.Form):
    """How what is open shall fall due, and why; each kind takes what it needs."""

    kind = forms.ChoiceField(label=_("What is agreed"))
    first_due_date = Day(
        label=_("First due date"),
        required=False,
        help_text=_("Of the new instalments, or the day on which grace ends."),
    )
    instalments = forms.IntegerField(
        label=_("Instalments"), required=False, min_value=1, max_value=LONGEST, help_text=_("A month apart.")
    )
    monthly_fee = forms.DecimalField(
        label=_("Monthly fee, %"),
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Flat, of the open principal; new instalments only."),
    )
    shift_months = forms.IntegerField(label=_("Move on by months"), required=False, min_value=0, max_value=LONGEST)
    shift_days = forms.IntegerField(label=_("Move on by days"), required=False, min_value=0, max_value=31 * LONGEST)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by whoever decides, and kept."),
    )

    def __init__(self, *arguments: Any, for_all: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        kinds = [kind for kind in plan_wording.KINDS if for_all or kind != RestructuringKind.RE_AGE]
        self.fields["kind"].choices = [(kind, plan_wording.KINDS[kind].label) for kind in kinds]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What is asked for, as the actions take it."""
        typed = self.cleaned_data
        named = ("kind", "first_due_date", "instalments", "shift_days", "shift_months")
        return {name: typed[name] for name in named} | {
            "monthly_fee_rate": (typed["monthly_fee"] or Decimal(0)) / 100,
        }


class Undo(forms.Form):
    """Why an agreement is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept in the trail.")
    )
