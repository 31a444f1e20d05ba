"""What people say about mandates and debits."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Day


class Agreement(forms.Form):
    """Which account a customer lets us debit, and since when."""

    bank = forms.CharField(label=_("Bank"), max_length=60)
    account_token = forms.CharField(
        label=_("Account token"),
        max_length=60,
        help_text=_("What the bank knows the account by. Never a whole account number."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agreed_date = Day(label=_("Agreed on"))

    def __init__(self, *arguments: Any, business_date: dt.date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.business_date = business_date

    def clean_agreed_date(self) -> dt.date:
        """Nobody agrees in the future."""
        agreed: dt.date = self.cleaned_data["agreed_date"]
        if agreed > self.business_date:
            words = {"date": agreed, "today": self.business_date}
            raise forms.ValidationError(_("%(date)s is after the business date %(today)s."), params=words)
        return agreed


class Revocation(forms.Form):
    """That a mandate ends today."""

    is_told = forms.BooleanField(label=_("The customer has revoked it"))


class Withdrawal(forms.Form):
    """Why an instruction is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept with the debit.")
    )
