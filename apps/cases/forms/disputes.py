"""What people say about disputes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.models import User
from apps.bills.forms import Amount
from apps.bills.models import Bill
from apps.bills.queries import bills
from apps.cases.domain.disputes import DECISIONS, DisputeStatus, Ground
from apps.cases.queries import dispute_words as words
from apps.cases.queries import labels
from apps.core.forms import Day
from apps.customers.models import Customer

LONGEST = 4_000
TEXT = forms.Textarea(attrs={"rows": 4})
VERDICTS = {status: word for status, word in words.DISPUTES.items() if status in DECISIONS}


class NewDispute(forms.Form):
    """What the customer contests, on what ground, and which bills it is about."""

    ground = forms.TypedChoiceField(label=_("Ground"), choices=labels.menu(words.GROUNDS), coerce=Ground)
    amount = Amount(label=_("Disputed amount"))
    bills = forms.ModelMultipleChoiceField(
        label=_("Bills"),
        queryset=Bill.objects.none(),
        required=False,
        to_field_name="reference",
        widget=forms.CheckboxSelectMultiple,
    )
    received_date = Day(label=_("Came in on"), help_text=_("The days for the answer count from here."))
    text = forms.CharField(label=_("What the customer says"), max_length=LONGEST, widget=TEXT)

    def __init__(self, *arguments: Any, customer: Customer, user: User, **options: Any) -> None:
        super().__init__(*arguments, **options)
        theirs = bills.visible_to(user).filter(customer=customer).order_by("-issued_date", "-pk")
        self.fields["bills"].queryset = theirs  # type: ignore[attr-defined]


class Document(forms.Form):
    """A document and what it shows."""

    document = forms.CharField(label=_("Document"), max_length=200, help_text=_("Which one, and where it is kept."))
    note = forms.CharField(label=_("What it shows"), max_length=LONGEST, required=False, widget=TEXT)


class Decision(forms.Form):
    """What was found, what the customer is told and what puts it right."""

    verdict = forms.TypedChoiceField(label=_("Decision"), choices=labels.menu(VERDICTS), coerce=DisputeStatus)
    answer = forms.CharField(label=_("What the customer is told"), max_length=LONGEST, widget=TEXT)
    correction = forms.CharField(
        label=_("What puts it right"),
        max_length=200,
        required=False,
        help_text=_("The waiver, reversal or refund, by its reference."),
    )


class Review(forms.Form):
    """Nothing is to be said."""
