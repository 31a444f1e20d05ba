"""What people say of a product and its conditions: rates in percent, counts with commas."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bills.domain import conditions
from apps.bills.domain.kinds import Component, Mode
from apps.bills.domain.terms import WATERFALL
from apps.bills.forms import Amount
from apps.bills.models import Product
from apps.bills.queries import product_wording, wording
from apps.core.domain.money import percent
from apps.core.forms import Day

HUNDRED = Decimal(100)


class NewProduct(forms.Form):
    """What a product is called and under which licence it is lent."""

    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Small letters, digits and hyphens; for ever."))
    name = forms.CharField(label=_("Name of the product"), max_length=100)
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="CNY", help_text=_("One for ever: CNY."))
    mode = forms.ChoiceField(label=_("How it bills"), choices=[(m, word.label) for m, word in wording.MODES.items()])
    licence = forms.ChoiceField(
        label=_("Licence"),
        choices=[(licence, word.label) for licence, word in product_wording.LICENCES.items()],
        help_text=_("The cap on the annual cost follows from it."),
    )


class Percent(forms.DecimalField):
    """A share, typed in percent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=4, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """A share as its percentage; what was typed as it is."""
        return percent(value).removesuffix(" %") if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """The share."""
        typed = super().clean(value)
        return None if typed is None else typed / HUNDRED


class Counts(forms.CharField):
    """Whole numbers, one after the other."""

    def prepare_value(self, value: Any) -> Any:
        """The numbers with commas; what was typed as it is."""
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The numbers, each once, in order."""
        words = [word for word in re.split(r"[\s,，、]+", super().clean(value)) if word]
        if not all(word.isascii() and word.isdigit() and len(word) < 4 for word in words):
            raise forms.ValidationError(_("Whole numbers with commas between them."))
        return sorted({int(word) for word in words})


class Order(forms.ChoiceField):
    """In which order money settles: the shipped one, principal first, or the one that holds."""

    def prepare_value(self, value: Any) -> Any:
        """The components with spaces."""
        return " ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The components."""
        return super().clean(value).split()

    def offer(self, current: list[str]) -> None:
        """Offer the current order too."""
        principal_first = [Component.PRINCIPAL, *(c for c in WATERFALL if c is not Component.PRINCIPAL)]
        orders = dict.fromkeys((tuple(current), tuple(WATERFALL), tuple(principal_first)))
        self.choices = [(" ".join(order), product_wording.shown("waterfall", order)) for order in orders]


def _field(name: str) -> forms.Field:
    label: Any = product_wording.LABELS[name]
    if name.endswith("_rate"):
        return Percent(label=_with_percent(label), widget=forms.TextInput)
    if name in ("late_fee_daily_floor", "early_repayment_minimum"):
        return forms.DecimalField(label=label, min_value=0, max_digits=11, decimal_places=2, widget=forms.TextInput)
    if name in conditions.RANGES:
        range_ = conditions.RANGES[name]
        return forms.IntegerField(label=label, min_value=int(range_.lowest), max_value=int(range_.highest))
    return _other(name, label)


def _other(name: str, label: Any) -> forms.Field:
    match name:
        case "principal_first_after_days":
            words = _("Empty: never.")
            return forms.IntegerField(label=label, min_value=0, max_value=999, required=False, help_text=words)
        case "early_settlement":
            choices = [(value, word.label) for value, word in product_wording.SETTLEMENTS.items()]
            return forms.ChoiceField(label=label, choices=choices)
        case "late_fees_in_cap":
            return forms.BooleanField(label=label, required=False)
        case "instalment_counts":
            return Counts(label=label, required=False, help_text=_("Such as 3, 6, 12, 24."))
    return Order(label=label)


def _with_percent(label: Any) -> Any:
    return _("%(label)s, %%") % {"label": label}


class Conditions(forms.Form):
    """The values of a new version; what the product's way of billing does not need stays as it is."""

    def __init__(
        self, data: Any = None, *, product: Product, before: dict[str, Any], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=before | (initial or {}))
        self.before = before
        for name in product_wording.LABELS:
            if conditions.needs(Mode(product.mode), name):
                self.fields[name] = _field(name)
        order = self.fields["waterfall"]
        if isinstance(order, Order):
            order.offer(before["waterfall"])

    def said(self) -> dict[str, Any]:
        """All values of the version."""
        return self.before | {name: self.cleaned_data[name] for name in conditions.NAMES if name in self.cleaned_data}


class Proposal(Conditions):
    """A new version: its values, the day on which it begins, and why."""

    effective_date = Day(label=_("In force from"), help_text=_("The business date or later."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by whoever decides, and kept."),
    )
    field_order = ("effective_date", *product_wording.LABELS, "reason")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.order_fields(self.field_order)


class Sample(forms.Form):
    """A purchase to look at under the conditions."""

    sample_amount = Amount(label=_("For a purchase of"), widget=forms.TextInput, initial=Decimal("1000.00"))
    sample_instalments = forms.IntegerField(label=_("Instalments"), min_value=1, max_value=60, initial=3)
