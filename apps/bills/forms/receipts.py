"""What people type about refunds, payouts and early settlement."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bills.forms import Amount
from apps.bills.queries import wording
from apps.core.forms import Day


class Refund(forms.Form):
    """A purchase that is given back, wholly or in part."""

    reference = forms.CharField(
        label=_("Merchant's reference"), max_length=40, help_text=_("The same reference is never booked twice.")
    )
    amount = Amount(label=_("Amount"), widget=forms.TextInput)
    refunded_date = Day(label=_("Refunded on"))


class Payout(forms.Form):
    """How much of the credit balance is to be paid back, and why."""

    reference = forms.CharField(
        label=_("Reference"), max_length=40, help_text=_("The same reference is never asked for twice.")
    )
    amount = Amount(label=_("Amount to pay out"), widget=forms.TextInput)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[(name, word.label) for name, word in wording.CHANNELS.items()], required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by whoever decides, and kept."),
    )


class SettlementDay(forms.Form):
    """The day on which a bill is to be settled."""

    date = Day(label=_("On"), required=False)
