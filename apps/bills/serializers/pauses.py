"""Pauses as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from apps.bills.domain.pauses import PauseReason
from apps.bills.models import Pause
from apps.bills.queries import people
from apps.bills.serializers.fields import known_as
from apps.customers.models import Customer


class PauseSerializer(serializers.ModelSerializer[Pause]):
    """The days on which an account stands still, from the start to the one before the end."""

    customer = known_as(read_only=True)
    reason = serializers.ChoiceField(choices=[reason.value for reason in PauseReason])
    end_date = serializers.DateField(allow_null=True, help_text="The first day that counts again; null: open.")
    cancelled_at = serializers.DateTimeField(allow_null=True, help_text="Taken back: as if it had never been.")

    class Meta:
        model = Pause
        fields = (
            "reference", "customer", "reason", "start_date", "end_date", "note", "begun_at", "ended_at", "cancelled_at",
        )  # fmt: skip


class NewPauseSerializer(serializers.Serializer[Pause]):
    """A pause to begin."""

    customer = known_as(queryset=Customer.objects.none())
    reason = serializers.ChoiceField(choices=[reason.value for reason in PauseReason])
    start_date = serializers.DateField()
    end_date = serializers.DateField(allow_null=True, default=None)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")

    def get_fields(self) -> dict[str, Any]:
        """Customers are those that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["customer"] = known_as(queryset=people.visible_to(user))
        return fields


class PauseEndSerializer(serializers.Serializer[Pause]):
    """When days count again."""

    end_date = serializers.DateField()


class PauseCancellationSerializer(serializers.Serializer[Pause]):
    """Why a pause is taken back."""

    reason = serializers.CharField(max_length=500)
