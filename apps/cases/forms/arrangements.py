"""What people say about an arrangement, and what the customer says to it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bills.forms import Amount
from apps.cases.domain.arrangements import LONGEST, ArrangementKind
from apps.cases.domain.calculator import Asked, Budget
from apps.cases.queries import arrangement_words as words
from apps.core.domain.money import ZERO
from apps.core.forms import Day

MONEY: dict[str, Any] = {"required": False, "widget": forms.TextInput}


class Calculator(forms.Form):
    """A first date, a number of payments, what is forgiven, and what the customer earns and spends."""

    first_date = Day(label=_("First payment"))
    instalments = forms.IntegerField(label=_("Monthly payments"), min_value=1, max_value=LONGEST, initial=3)
    forgiven = Amount(label=_("Forgiven by a settlement"), **MONEY)
    monthly_fee_rate = forms.DecimalField(
        label=_("Monthly fee of a re-age, in percent"), required=False, min_value=0, max_value=10, decimal_places=4
    )
    income = Amount(label=_("Income a month"), **MONEY)
    outgoings = Amount(label=_("Living a month"), **MONEY)
    obligations = Amount(label=_("Other debts a month"), **MONEY)

    def clean(self) -> dict[str, Any]:
        """What is spent is weighed against an income."""
        given: dict[str, Any] = super().clean() or {}
        if (given.get("outgoings") or given.get("obligations")) and not given.get("income"):
            self.add_error("income", _("What is spent is weighed against an income."))
        return given

    def asked(self, kind: ArrangementKind) -> Asked:
        """The terms that were typed, as far as the kind has them."""
        given = self.cleaned_data
        return Asked(
            kind,
            given["first_date"],
            given["instalments"],
            (given["forgiven"] or ZERO) if kind is ArrangementKind.SETTLEMENT else ZERO,
            (given["monthly_fee_rate"] or Decimal(0)) / 100 if kind is ArrangementKind.RE_AGE else Decimal(0),
        )

    @property
    def budget(self) -> Budget | None:
        """What the customer earns and spends, if it was said."""
        given = self.cleaned_data
        if not given.get("income"):
            return None
        return Budget(given["income"], given["outgoings"] or ZERO, given["obligations"] or ZERO)


class Proposal(Calculator):
    """Which kind is proposed, and why."""

    kind = forms.TypedChoiceField(
        label=_("Kind"), choices=[(str(kind), word.label) for kind, word in words.KINDS.items()], coerce=ArrangementKind
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by whoever decides, and kept."),
    )


class Recording(forms.Form):
    """The recording of the call in which the customer agreed."""

    recording = forms.CharField(label=_("Reference of the recording"), max_length=100)


class Agreement(forms.Form):
    """The customer's own yes."""

    agrees = forms.BooleanField(label=_("I have read these terms and agree to them."))
