"""Agreements by which bills fall due anew, as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from apps.bills.domain.kinds import RestructuringKind
from apps.bills.models import Bill, Restructuring
from apps.bills.queries import bills, people
from apps.bills.serializers.fields import Day, OnceSerializer, known_as
from apps.customers.models import Customer


class RestructuringSerializer(serializers.ModelSerializer[Restructuring]):
    """An agreement; the classes and the stage are those of its eve."""

    customer = known_as(read_only=True)
    bill = known_as(read_only=True, help_text="None: all bills that were open.")
    approval = known_as(read_only=True)

    class Meta:
        model = Restructuring
        fields = (
            "reference", "customer", "bill", "kind", "agreed_date", "first_due_date", "instalments", "shift_days",
            "shift_months", "monthly_fee_rate", "amount", "class_2023", "class_card", "stage", "status", "undone_at",
            "approval",
        )  # fmt: skip


class NewRestructuringSerializer(OnceSerializer):
    """An agreement to ask for: whoever the authority matrix names decides."""

    customer = known_as(queryset=Customer.objects.none())
    bill = known_as(queryset=Bill.objects.none(), allow_null=True, default=None)
    kind = serializers.ChoiceField(choices=[kind.value for kind in RestructuringKind])
    first_due_date = Day(required=False, help_text="Of the new instalments, or the day on which grace ends.")
    instalments = serializers.IntegerField(required=False, help_text="A month apart, 60 at most.")
    shift_months = serializers.IntegerField(required=False)
    shift_days = serializers.IntegerField(required=False)
    monthly_fee_rate = serializers.DecimalField(7, 6, required=False, help_text="Flat, of the open principal.")
    reason = serializers.CharField(max_length=500)

    def get_fields(self) -> dict[str, Any]:
        """Customers and bills are those that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["customer"] = known_as(queryset=people.visible_to(user))
            fields["bill"] = known_as(queryset=bills.visible_to(user), allow_null=True, default=None)
        return fields


class UndoSerializer(serializers.Serializer[Any]):
    """Why an agreement is taken back."""

    reason = serializers.CharField(max_length=500)
