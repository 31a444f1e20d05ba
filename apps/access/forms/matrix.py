"""A new edition of the authority matrix, typed as a table; and what one request would need under it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.access import registry
from apps.access.domain.authority import Tier
from apps.access.domain.matrix import Line as Drawn
from apps.access.domain.permissions import Permission
from apps.access.domain.roles import RoleCode
from apps.access.models import AuthorityVersion
from apps.access.queries import matrix, matrix_wording, people, wording
from apps.access.queries.matrix import Draft
from apps.core.forms import Day

MOST_LINES = 80  # a form may have 1,000 fields
MOST_PEOPLE = 9
PREFIX = "agree_"


class Money(forms.DecimalField):
    """An amount with two decimals, typed as text so that no wheel of a mouse changes it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, widget=forms.TextInput, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "text-end"}


def _actions() -> list[tuple[str, str]]:
    return [("", "—"), *((name, wording.action(name)) for name in matrix.actions())]


def _products() -> list[tuple[str, str]]:
    return [("", str(_("every product"))), *registry.products()]


def deciding_roles() -> list[tuple[str, str]]:
    """The roles that may decide, by code and in words, the shipped ones from the agents up: the table's columns."""
    ranks = {code.value: rank for rank, code in enumerate(RoleCode)}
    found = sorted(people.roles_with(Permission.APPROVAL_DECIDE), key=lambda role: ranks.get(role.code, len(ranks)))
    return [(role.code, wording.role(role.code, role.name)) for role in found]


class Line(forms.Form):
    """One line: what it rules, up to how much, and how many of which role must agree."""

    action = forms.ChoiceField(label=_("Action"), choices=_actions)
    product = forms.ChoiceField(label=_("Product"), choices=_products, required=False)
    tier = forms.CharField(label=_("Tier"), max_length=10, widget=forms.TextInput(attrs={"size": 3}))
    up_to = Money(label=_("Up to"), required=False)
    fees_only = forms.BooleanField(label=_("Fees only"), required=False)
    in_order = forms.BooleanField(label=_("One after the other"), required=False)
    in_bulk = forms.BooleanField(label=_("Several at once"), required=False)

    def __init__(self, *arguments: Any, roles: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.roles = roles
        for code, label in roles:
            self.fields[f"{PREFIX}{code}"] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST_PEOPLE, required=False
            )

    def agreeing(self) -> list[forms.BoundField]:
        """The fields of the roles, in their order."""
        return [self[f"{PREFIX}{code}"] for code, _label in self.roles]

    def drawn(self) -> Drawn:
        """The line as the domain weighs it."""
        said = self.cleaned_data
        approvers = tuple(code for code, _label in self.roles for _time in range(said.get(f"{PREFIX}{code}") or 0))
        tier = Tier(said["tier"], said["up_to"], approvers, said["fees_only"], said["in_order"], said["in_bulk"])
        return Drawn(said["action"], tier, said["product"])


class Lines(forms.BaseFormSet):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The lines of the table; empty ones and those to be taken out count for nothing."""

    @cached_property
    def roles(self) -> list[tuple[str, str]]:
        """The columns."""
        return deciding_roles()

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Every line has the same columns."""
        return super().get_form_kwargs(index) | {"roles": self.roles}

    def drawn(self) -> tuple[Drawn, ...]:
        """The lines as the domain weighs them."""
        kept = (form for form in self.forms if form.has_changed() or form.initial)
        return tuple(
            form.drawn() for form in kept if form.cleaned_data.get("action") and not form.cleaned_data.get("DELETE")
        )


LineTable = forms.formset_factory(Line, formset=Lines, extra=3, can_delete=True, max_num=MOST_LINES)


def lines(data: Any, base: AuthorityVersion | None) -> Lines:
    """The table, filled with the lines of an edition."""
    table: Lines = LineTable(data, initial=[_initial(line) for line in matrix.lines_of(base)], prefix="line")  # type: ignore[assignment]
    return table


def _initial(line: Drawn) -> dict[str, Any]:
    tier = line.tier
    counted = {f"{PREFIX}{role}": count for role, count in Counter(tier.approvers).items()}
    return {
        "action": line.action,
        "product": line.product,
        "tier": tier.code,
        "up_to": tier.up_to,
        "fees_only": tier.fees_only,
        "in_order": tier.in_order,
        "in_bulk": tier.in_bulk,
        **counted,
    }


class Edition(forms.Form):
    """From when the edition holds, its limits, and why it is proposed."""

    effective_date = Day(label=_("In force from"), help_text=_("Tomorrow or later."))
    note = forms.CharField(label=_("What is new"), max_length=200)
    maker_daily_limit = Money(
        label=_("One person asks for no more a day than"), required=False, help_text=_("Empty: no limit.")
    )
    customer_daily_limit = Money(
        label=_("For one customer no more is asked a day than"), required=False, help_text=_("Empty: no limit.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by whoever decides, and kept."),
    )
    base = forms.IntegerField(widget=forms.HiddenInput)

    def draft(self, drawn: tuple[Drawn, ...]) -> Draft:
        """What is proposed, with these lines."""
        said = self.cleaned_data
        return Draft(
            said["effective_date"], said["note"], said["maker_daily_limit"], said["customer_daily_limit"], drawn
        )


class Sample(forms.Form):
    """A request that somebody might make, to see whom it would need."""

    sample_action = forms.ChoiceField(label=_("Action"), choices=_actions)
    sample_product = forms.ChoiceField(label=_("Product"), choices=_products, required=False)
    sample_amount = Money(label=_("Amount"), min_value=0)
    sample_fees_only = forms.BooleanField(label=_("Fees only"), required=False)

    def need(self, drawn: Sequence[Drawn]) -> matrix.Need:
        """Who would have to agree to it under these lines."""
        said = self.cleaned_data
        return matrix.need(
            drawn,
            action=said["sample_action"],
            product=said["sample_product"],
            amount=said["sample_amount"],
            fees_only=said["sample_fees_only"],
        )

    def words(self) -> str:
        """The request in a phrase."""
        said = self.cleaned_data
        return f"{matrix_wording.subject(said['sample_action'], said['sample_product'])} · {said['sample_amount']:,.2f}"
