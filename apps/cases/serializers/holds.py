"""Holds and disputes as the API shows and takes them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.bills.models import Bill
from apps.bills.queries import bills, people
from apps.bills.serializers.fields import known_as
from apps.cases.domain.disputes import DECISIONS, DisputeStatus, Ground
from apps.cases.domain.holds import HoldKind
from apps.cases.forms.disputes import LONGEST
from apps.cases.models import Contact, Dispute, Evidence, Hold
from apps.cases.queries import worklist
from apps.customers.models import Customer


class HoldSerializer(serializers.ModelSerializer[Hold]):
    """A hold with its days; `end_date` is the first day that is free again."""

    customer = known_as(read_only=True)
    case = known_as(read_only=True)

    class Meta:
        model = Hold
        fields = (
            "reference", "customer", "case", "kind", "status", "start_date", "end_date", "review_date", "cause",
            "reason", "evidence", "placed_at", "placed_by", "ended_at", "ended_by", "end_reason",
        )  # fmt: skip


class NewHoldSerializer(serializers.Serializer[Hold]):
    """A hold to place; without days it lasts as long as its kind does."""

    customer = known_as(queryset=Customer.objects.none())
    kind = serializers.ChoiceField([kind.value for kind in HoldKind])
    days = serializers.IntegerField(allow_null=True, default=None)
    reason = serializers.CharField(max_length=LONGEST)
    evidence = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")

    def get_fields(self) -> dict[str, Any]:
        """Customers are those that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["customer"] = known_as(queryset=people.visible_to(user))
        return fields

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """The words as the actions know them."""
        return {**data, "kind": HoldKind(data["kind"])}


class MoreDaysSerializer(serializers.Serializer[Hold]):
    """How many days more, and why."""

    days = serializers.IntegerField()
    reason = serializers.CharField(max_length=LONGEST)


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """A document of a dispute."""

    added_by: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField("username", read_only=True)

    class Meta:
        model = Evidence
        fields = ("document", "note", "added_by", "added_at")
        read_only_fields = ("added_at",)


class DisputeSerializer(serializers.ModelSerializer[Dispute]):
    """A dispute with its clock, its hold, its mark at the bureau and, once there is one, its answer."""

    customer = known_as(read_only=True)
    case = known_as(read_only=True)
    hold = known_as(read_only=True)
    bills = serializers.SerializerMethodField()
    evidence = EvidenceSerializer(many=True, read_only=True)
    recorded_by: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField("username", read_only=True)
    handler: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField("username", read_only=True)
    ended_by: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField("username", read_only=True)

    class Meta:
        model = Dispute
        fields = (
            "reference", "customer", "case", "contact", "hold", "bills", "ground", "amount", "text", "status",
            "received_date", "due_date", "bureau_mark_from", "bureau_mark_until", "evidence", "recorded_by",
            "recorded_at", "handler", "answer", "correction", "end_reason", "ended_date", "ended_by",
        )  # fmt: skip

    def get_bills(self, dispute: Dispute) -> list[str]:
        """The bills that it is about, by reference."""
        return [one.bill.reference for one in dispute.bills.all()]


class NewDisputeSerializer(serializers.Serializer[Dispute]):
    """A dispute to record."""

    customer = known_as(queryset=Customer.objects.none())
    ground = serializers.ChoiceField([ground.value for ground in Ground])
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal("0.01"))
    text = serializers.CharField(max_length=LONGEST)
    bills = known_as(queryset=Bill.objects.none(), many=True, default=list)
    received_date = serializers.DateField(allow_null=True, default=None)
    contact: "serializers.PrimaryKeyRelatedField[Contact]" = serializers.PrimaryKeyRelatedField(
        queryset=Contact.objects.none(), allow_null=True, default=None
    )

    def get_fields(self) -> dict[str, Any]:
        """Customers, bills and contacts are those that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["customer"] = known_as(queryset=people.visible_to(user))
            fields["bills"] = known_as(queryset=bills.visible_to(user), many=True, default=list)
            fields["contact"] = serializers.PrimaryKeyRelatedField(
                queryset=worklist.contacts(user), allow_null=True, default=None
            )
        return fields

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """The words as the actions know them."""
        return {**data, "ground": Ground(data["ground"])}


class NewEvidenceSerializer(serializers.Serializer[Evidence]):
    """A document: which, where it is kept, and what it shows."""

    document = serializers.CharField(max_length=200)
    note = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")


class VerdictSerializer(serializers.Serializer[Dispute]):
    """The decision of a dispute."""

    verdict = serializers.ChoiceField(sorted(status.value for status in DECISIONS))
    answer = serializers.CharField(max_length=LONGEST)
    correction = serializers.CharField(max_length=200, allow_blank=True, default="")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """The words as the actions know them."""
        return {**data, "verdict": DisputeStatus(data["verdict"])}


class NothingSerializer(serializers.Serializer[Dispute]):
    """Nothing is to be said."""
