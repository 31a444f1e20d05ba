"""What the page of one's tokens takes in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.domain.permissions import Permission
from apps.access.domain.tokens import LONGEST
from apps.access.models import User
from apps.access.queries import people, wording


class NewToken(forms.Form):
    """What a token is for, what it may, and for how many days."""

    name = forms.CharField(label=_("What it is for"), max_length=100)
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=LONGEST.days, initial=90)
    scopes = forms.TypedMultipleChoiceField(
        label=_("What it may"), coerce=Permission, widget=forms.SelectMultiple(attrs={"size": 10})
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        """Offer what the user may."""
        super().__init__(*args, **options)
        held = people.permissions_of(user)
        offered = [(word.value, wording.permission(word)) for word in Permission if word in held]
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]
