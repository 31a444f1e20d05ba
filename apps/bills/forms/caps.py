"""What people say of a cap: for which licence, from when, how high and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bills.forms.products import Percent
from apps.bills.queries import product_wording
from apps.core.forms import Day


class NewCap(forms.Form):
    """A cap to ask for."""

    licence = forms.ChoiceField(
        label=_("Licence"), choices=[(licence, word.label) for licence, word in product_wording.LICENCES.items()]
    )
    effective_date = Day(label=_("In force from"), help_text=_("The business date or later."))
    annual_rate = Percent(label=_("Highest price a year, %"), widget=forms.TextInput)
    note = forms.CharField(label=_("Where it comes from"), max_length=200, help_text=_("The rule, and its day."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by whoever decides, and kept."),
    )
