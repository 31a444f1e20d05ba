"""Write-offs as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from apps.bills.models import Bill, WriteOff
from apps.bills.queries import bills
from apps.bills.serializers.fields import OnceSerializer, known_as


class WriteOffSerializer(serializers.ModelSerializer[WriteOff]):
    """A bill that was written off: what went out, what came back and what is still out, as the ledger says."""

    customer = known_as(read_only=True)
    bill = known_as(read_only=True)
    approval = known_as(read_only=True)
    went_out = serializers.DecimalField(14, 2)
    recovered = serializers.DecimalField(14, 2)
    still_out = serializers.DecimalField(14, 2)

    class Meta:
        model = WriteOff
        fields = (
            "reference", "customer", "bill", "amount", "written_off_date", "approval", "reversed_date", "went_out",
            "recovered", "still_out",
        )  # fmt: skip


class NewWriteOffSerializer(OnceSerializer):
    """A bill to write off: whatever is open on it."""

    bill = known_as(queryset=Bill.objects.none())
    reason = serializers.CharField(max_length=500)

    def get_fields(self) -> dict[str, Any]:
        """Bills are those that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["bill"] = known_as(queryset=bills.visible_to(user))
        return fields


class WriteOffReversalSerializer(OnceSerializer):
    """Why a write-off is to be reversed."""

    reason = serializers.CharField(max_length=500)
