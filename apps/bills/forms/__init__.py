"""What people type about money: checked here, decided by the actions."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bills.models import Bill
from apps.bills.queries import bills, inputs, wording
from apps.core.domain.refusal import Refused
from apps.core.forms import Day
from apps.customers.models import Customer


class Amount(forms.DecimalField):
    """An amount of money above zero, with two decimals at most; what is none is named."""

    def to_python(self, value: Any) -> Any:
        """Read it by the same rules as endpoints and actions."""
        if value in self.empty_values:
            return None
        try:
            return inputs.amount(str(value))
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.code) from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Typed as text, so that no wheel of a mouse changes it."""
        return {"inputmode": "decimal", "autocomplete": "off", "class": "text-end"}


class Repayment(forms.Form):
    """Money received from a customer."""

    reference = forms.CharField(
        label=_("Payer's reference"), max_length=40, help_text=_("The same reference is never booked twice.")
    )
    amount = Amount(label=_("Amount"), widget=forms.TextInput)
    received_date = Day(label=_("Received on"))
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(name, word.label) for name, word in wording.CHANNELS.items()],
        required=False,
    )
    bill = forms.ModelChoiceField(
        label=_("For the bill"),
        queryset=Bill.objects.none(),
        to_field_name="reference",
        required=False,
        empty_label=_("The oldest due first"),
    )
    settles = forms.BooleanField(
        label=_("Settle this bill before its time"),
        required=False,
        help_text=_("Fees of periods that have not begun fall if the money then covers the whole bill."),
    )

    def __init__(self, *arguments: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["bill"].queryset = bills.open_of(customer)  # type: ignore[attr-defined]


class Reversal(forms.Form):
    """Why money is taken back."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[(name, word.label) for name, word in wording.REVERSALS.items()]
    )
    note = forms.CharField(
        label=_("What happened"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the trail."),
    )


class WaiverRequest(forms.Form):
    """How much of a late fee is to be given up, and why."""

    amount = Amount(label=_("Amount to waive"), widget=forms.TextInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by whoever decides, and kept."),
    )

    def __init__(self, *arguments: Any, owed: Decimal, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.owed = owed

    def clean_amount(self) -> Decimal:
        """No more than is owed."""
        amount: Decimal = self.cleaned_data["amount"]
        if amount > self.owed:
            raise forms.ValidationError(
                _("The late fee owed is %(owed)s; no more than that can be waived."), params={"owed": self.owed}
            )
        return amount
