"""Cases and what is done about them as the API shows and takes them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.access.models import User
from apps.cases.domain.status import Outcome
from apps.cases.forms import NOTE
from apps.cases.models import Case, Contact, Promise, Task
from apps.cases.queries import cases
from apps.core.domain.money import CENT
from apps.customers.domain.contact import Channel


def _case(**options: Any) -> "serializers.SlugRelatedField[Case]":
    return serializers.SlugRelatedField("reference", **options)


def _person() -> "serializers.SlugRelatedField[User]":
    return serializers.SlugRelatedField("username", read_only=True)


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case; amounts are as of the last close."""

    customer = serializers.CharField(source="customer.reference")
    strategy = serializers.CharField(help_text="The version under which it is treated, `code@version`.")
    owner = _person()

    class Meta:
        model = Case
        fields = (
            "reference", "customer", "strategy", "status", "stage", "oldest_due_date", "overdue_amount", "balance",
            "queue", "owner", "priority", "opened_date", "stage_date", "closed_date", "close_reason",
        )  # fmt: skip


class TaskSerializer(serializers.ModelSerializer[Task]):
    """One thing that a person is to do about a case on a day."""

    case = _case(read_only=True)
    owner = _person()

    class Meta:
        model = Task
        fields = (
            "id", "case", "step", "kind", "queue", "owner", "due_date", "status", "outcome", "created_at", "done_at",
        )  # fmt: skip


class PromiseSerializer(serializers.ModelSerializer[Promise]):
    """A promise, and what was received when it was judged."""

    case = _case(read_only=True)

    class Meta:
        model = Promise
        fields = ("id", "case", "amount", "promised_date", "status", "made_date", "judged_date", "received")


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A contact as it was recorded, with the promise made in it."""

    case = _case(read_only=True)
    recorded_by = _person()
    promise = PromiseSerializer(read_only=True, default=None)

    class Meta:
        model = Contact
        fields = (
            "id", "case", "channel", "outcome", "note", "contacted_date", "contacted_at", "recorded_by", "promise",
        )  # fmt: skip


class NewPromiseSerializer(serializers.Serializer[Promise]):
    """An amount, and the day by whose end it is paid."""

    amount = serializers.DecimalField(14, 2, min_value=CENT)
    date = serializers.DateField()


class NewContactSerializer(serializers.Serializer[Contact]):
    """A contact to record; a promise belongs to the outcome `promise` and to no other."""

    case = _case(queryset=Case.objects.none())
    channel = serializers.ChoiceField([channel.value for channel in Channel], default=Channel.CALL.value)
    outcome = serializers.ChoiceField([outcome.value for outcome in Outcome])
    note = serializers.CharField(max_length=NOTE, allow_blank=True, default="")
    promise = NewPromiseSerializer(allow_null=True, default=None)

    def get_fields(self) -> dict[str, Any]:
        """The case is one that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["case"] = _case(queryset=cases.visible_to(user))
        return fields

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """The words as the actions know them."""
        promise = data["promise"]
        if (data["outcome"] == Outcome.PROMISE) != (promise is not None):
            raise serializers.ValidationError(
                {"promise": _("A promise has an amount and a date, and no other outcome has.")}
            )
        return {
            **data,
            "channel": Channel(data["channel"]),
            "outcome": Outcome(data["outcome"]),
            "promise": (promise["amount"], promise["date"]) if promise else None,
        }
