"""Money in suspense as the API shows and takes it."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from apps.access.models import User
from apps.bills.models import Bill, SuspenseItem
from apps.bills.queries import bills, people
from apps.bills.serializers.fields import Amount, Day, known_as, the_reference
from apps.customers.models import Customer


class SuspenseSerializer(serializers.ModelSerializer[SuspenseItem]):
    """Money whose customer is not known, or was not when it came."""

    repayment = known_as(read_only=True, help_text="What it was booked as, once it was assigned.")

    class Meta:
        model = SuspenseItem
        fields = (
            "reference", "payer", "purpose", "amount", "currency", "received_date", "channel", "status", "repayment",
            "decided_at", "reason",
        )  # fmt: skip


class NewSuspenseSerializer(serializers.Serializer[SuspenseItem]):
    """Money to park: its payer is not known."""

    reference = serializers.CharField(max_length=40, required=False)
    amount = Amount()
    received_date = Day()
    currency = serializers.RegexField("^[A-Z]{3}$", default="", help_text="The house's where there is none.")
    payer = serializers.CharField(max_length=200, allow_blank=True, default="")
    purpose = serializers.CharField(max_length=200, allow_blank=True, default="")
    channel = serializers.CharField(max_length=20, allow_blank=True, default="")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """One reference, from the body or the header."""
        return {**data, "reference": the_reference(data, self.context)}


class UnknownPayerSerializer(NewSuspenseSerializer):
    """A repayment whose customer is not known: what was said of the customer is kept as the payer."""

    customer = serializers.CharField(max_length=200, allow_blank=True, allow_null=True, default="")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """The payer is whoever was named."""
        customer = data.pop("customer") or ""
        return super().validate({**data, "payer": data["payer"] or customer})


class AssignmentSerializer(serializers.Serializer[SuspenseItem]):
    """Whose money it is, and why."""

    customer = known_as(queryset=Customer.objects.none())
    bill = known_as(queryset=Bill.objects.none(), allow_null=True, default=None)
    reason = serializers.CharField(max_length=500)

    def get_fields(self) -> dict[str, Any]:
        """Customers and bills are those that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["customer"] = known_as(queryset=people.visible_to(user))
            fields["bill"] = known_as(queryset=bills.visible_to(user), allow_null=True, default=None)
        return fields


class GiveBackSerializer(serializers.Serializer[SuspenseItem]):
    """Why money goes back."""

    reason = serializers.CharField(max_length=500)


def names_a_customer(data: object, user: User) -> bool:
    """Whether what was sent names somebody whom the user may see; what is no object at all is for others to refuse."""
    return not isinstance(data, Mapping) or people.is_known(user, data.get("customer"))
