"""What people type about a case: a contact and its promise, an owner."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.models import User
from apps.bills.forms import Amount
from apps.cases.domain.status import Outcome
from apps.cases.queries import labels, workspace
from apps.core.forms import Day
from apps.core.registry import word

NOTE = 2_000


class Contact(forms.Form):
    """A telephone call with the customer: what came of it, what was said, what was promised."""

    outcome = forms.ChoiceField(
        label=_("What came of the call"),
        choices=[(outcome, word.label) for outcome, word in labels.OUTCOMES.items()],
        widget=forms.RadioSelect,
    )
    promised_amount = Amount(label=_("Promised amount"), required=False, widget=forms.TextInput)
    promised_date = Day(label=_("To be paid by"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=NOTE, widget=forms.Textarea(attrs={"rows": 3, "data-hotkey": "n"})
    )

    def clean(self) -> dict[str, Any]:
        """A promise has its amount and its date, and nothing else has."""
        given: dict[str, Any] = super().clean() or {}
        promises = given.get("outcome") == Outcome.PROMISE
        for name, sentence in (
            ("promised_amount", _("A promise names an amount.")),
            ("promised_date", _("A promise names a date.")),
        ):
            if name in self.errors:
                continue
            if promises and not given.get(name):
                self.add_error(name, sentence)
            elif not promises and given.get(name):
                self.add_error(name, _("This belongs to the outcome “%(promise)s”.") % {"promise": _promise()})
        return given

    @property
    def promise(self) -> tuple[Decimal, Any] | None:
        """The amount and the date that were promised."""
        amount = self.cleaned_data.get("promised_amount")
        return (amount, self.cleaned_data["promised_date"]) if amount else None


class Assignment(forms.Form):
    """Who the case belongs to from now on."""

    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("Nobody: back to the queue")
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["owner"].queryset = workspace.assignees()  # type: ignore[attr-defined]


def _promise() -> str:
    return str(word("outcome", Outcome.PROMISE).label)
