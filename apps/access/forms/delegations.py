"""Letting somebody decide in one's own name, as it is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access import registry
from apps.access.actions.delegations import Days
from apps.access.domain.delegation import Scope
from apps.access.forms.matrix import Money
from apps.access.models import User
from apps.access.queries import delegations, matrix, wording
from apps.core.forms import Day


class Receiver(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody by name."""

    def label_from_instance(self, user: User) -> str:
        """The name, and the user name that is theirs alone."""
        return f"{user.name} ({user.username})"


def _actions() -> list[tuple[str, str]]:
    return [(name, wording.action(name)) for name in matrix.actions()]


class Give(forms.Form):
    """In which role, to whom, over what and when; nothing chosen stands for all."""

    role = forms.ChoiceField(label=_("In the role"))
    receiver = Receiver(label=_("Who decides for you"), queryset=User.objects.none())
    first_date = Day(label=_("First day"))
    last_date = Day(label=_("Last day"))
    actions = forms.MultipleChoiceField(
        label=_("Actions"), choices=_actions, required=False, help_text=_("None chosen: every action.")
    )
    products = forms.MultipleChoiceField(
        label=_("Products"), choices=registry.products, required=False, help_text=_("None chosen: every product.")
    )
    up_to = Money(label=_("Up to"), required=False, help_text=_("Empty: any amount."))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *arguments: Any, giver: User, **options: Any) -> None:
        """Offer the roles that the giver holds, and everybody else who decides."""
        super().__init__(*arguments, **options)
        grants = [grant.role for grant in delegations.grants_to_give(giver)]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.code, wording.role(role.code, role.name)) for role in grants
        ]
        self.fields["receiver"].queryset = delegations.receivers(giver)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What is to be given."""
        said = self.cleaned_data
        return {
            "role": said["role"],
            "receiver": said["receiver"],
            "scope": Scope(frozenset(said["actions"]), frozenset(said["products"]), said["up_to"]),
            "days": Days(said["first_date"], said["last_date"]),
            "reason": said["reason"],
        }
