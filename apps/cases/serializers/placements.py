"""Placements as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from apps.access.models import Agency
from apps.cases.models import Case
from apps.cases.queries import cases
from apps.customers.models import Placement


class PlacementSerializer(serializers.ModelSerializer[Placement]):
    """A customer placed with an agency, until when, and under which approval."""

    customer = serializers.CharField(source="customer.reference")
    agency = serializers.CharField(source="agency.code")
    approval = serializers.CharField(source="approval.reference")

    class Meta:
        model = Placement
        fields = ("reference", "customer", "agency", "approval", "placed_at", "recalled_at", "reason")


class NewPlacementSerializer(serializers.Serializer[Placement]):
    """A case to be placed, with which agency and why."""

    case = serializers.SlugRelatedField("reference", queryset=Case.objects.none())
    agency = serializers.SlugRelatedField("code", queryset=Agency.objects.all())
    reason = serializers.CharField(max_length=500)

    def get_fields(self) -> dict[str, Any]:
        """The case is one that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["case"] = serializers.SlugRelatedField("reference", queryset=cases.visible_to(user))
        return fields


class RecallSerializer(serializers.Serializer[Placement]):
    """Why a customer is taken back."""

    reason = serializers.CharField(max_length=500)
