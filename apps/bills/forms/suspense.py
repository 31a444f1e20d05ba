"""What people say about money in suspense."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.models import User
from apps.bills.models import Bill
from apps.bills.queries import bills, people
from apps.customers.models import Customer


class Assignment(forms.Form):
    """Whose money it is, and why we think so."""

    customer = forms.ModelChoiceField(
        label=_("Customer's reference"),
        queryset=Customer.objects.none(),
        to_field_name="reference",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid_choice": _("There is no customer of this reference.")},
    )
    bill = forms.ModelChoiceField(
        label=_("For the bill"),
        queryset=Bill.objects.none(),
        to_field_name="reference",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Its reference, or empty: then the oldest due comes first."),
        error_messages={"invalid_choice": _("There is no bill of this reference.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How you know whose money it is; kept with it."),
    )

    def __init__(self, *arguments: Any, user: User, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["customer"].queryset = people.visible_to(user)  # type: ignore[attr-defined]
        self.fields["bill"].queryset = bills.visible_to(user)  # type: ignore[attr-defined]


class GiveBack(forms.Form):
    """Why money goes back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why it cannot be anybody's here; kept with it."),
    )
