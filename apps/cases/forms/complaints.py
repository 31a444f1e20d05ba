"""What people say about complaints."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.models import User
from apps.cases.domain.complaints import ComplaintChannel, Finding, RootCause, Topic
from apps.cases.models import Complaint
from apps.cases.queries import complaint_words as words
from apps.cases.queries import complaints as queries
from apps.cases.queries import labels
from apps.core.forms import Day

LONGEST = 4_000
TEXT = forms.Textarea(attrs={"rows": 4})


class NewComplaint(forms.Form):
    """What the customer said, how, when, and about whom."""

    channel = forms.TypedChoiceField(
        label=_("It came by"),
        choices=labels.menu(words.CHANNELS),
        coerce=ComplaintChannel,
        initial=ComplaintChannel.CALL,
    )
    received_date = Day(label=_("Came in on"), help_text=_("The days for the answer count from here."))
    topic = forms.TypedChoiceField(label=_("About what"), choices=labels.menu(words.TOPICS), coerce=Topic)
    about = forms.ModelChoiceField(
        label=_("About whom"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody of ours"),
        help_text=_("They and whoever is above or below them cannot handle it."),
    )
    text = forms.CharField(label=_("What the customer says"), max_length=LONGEST, widget=TEXT)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["about"].queryset = queries.people_to_name()  # type: ignore[attr-defined]


class Handler(forms.Form):
    """Who handles it."""

    handler = forms.ModelChoiceField(label=_("Handler"), queryset=User.objects.none())

    def __init__(self, *arguments: Any, complaint: Complaint, **options: Any) -> None:
        super().__init__(*arguments, **options)
        able = [person.pk for person in queries.handlers(complaint)]
        self.fields["handler"].queryset = (  # type: ignore[attr-defined]
            User.objects.filter(pk__in=able).order_by("name")
        )


class Answer(forms.Form):
    """What was found, why it came to it, what the customer is told and what is put right."""

    finding = forms.TypedChoiceField(label=_("Finding"), choices=labels.menu(words.FINDINGS), coerce=Finding)
    root_cause = forms.TypedChoiceField(
        label=_("Why it came to it"), choices=labels.menu(words.ROOT_CAUSES), coerce=RootCause
    )
    answer = forms.CharField(label=_("What the customer is told"), max_length=LONGEST, widget=TEXT)
    remedy = forms.CharField(
        label=_("What is put right"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        """What is upheld has a cause."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("root_cause") == RootCause.NONE and given.get("finding") in {
            Finding.UPHELD,
            Finding.PARTLY_UPHELD,
        }:
            self.add_error("root_cause", _("What is upheld has a cause."))
        return given
