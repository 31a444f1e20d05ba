"""Delegations as the API shows and takes them."""

import datetime as dt
from typing import Any

from rest_framework import serializers

from apps.access.actions.delegations import Days
from apps.access.domain.delegation import Scope
from apps.access.models import Delegation, User
from apps.access.queries import delegations


class DelegationSerializer(serializers.ModelSerializer[Delegation]):
    """Who decides for whom, in which role, over what and when; empty lists and null stand for all."""

    giver = serializers.CharField(source="giver.username", read_only=True)
    receiver = serializers.CharField(source="receiver.username", read_only=True)
    role = serializers.CharField(source="grant.role.code", read_only=True)
    first_date = serializers.DateField(source="start_date", read_only=True)
    last_date = serializers.DateField(read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Delegation
        fields = (
            "reference", "giver", "receiver", "role", "actions", "products", "up_to", "first_date", "last_date",
            "state", "reason", "made_at", "ended_at",
        )  # fmt: skip

    def get_state(self, delegation: Delegation) -> str:
        """`holds`, or why it does not."""
        today: dt.date = self.context["today"]
        return str(delegations.state(delegation, today))


class GiveSerializer(serializers.Serializer[Any]):
    """What is to be delegated, to whom by user name."""

    role = serializers.CharField(max_length=40)
    receiver = serializers.SlugRelatedField(slug_field="username", queryset=User.objects.all())
    actions = serializers.ListField(child=serializers.CharField(max_length=60), required=False, default=list)
    products = serializers.ListField(child=serializers.CharField(max_length=40), required=False, default=list)
    up_to = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True, required=False, default=None)
    first_date = serializers.DateField()
    last_date = serializers.DateField()
    reason = serializers.CharField(max_length=500)

    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        said = self.validated_data
        return {
            "role": said["role"],
            "receiver": said["receiver"],
            "scope": Scope(frozenset(said["actions"]), frozenset(said["products"]), said["up_to"]),
            "days": Days(said["first_date"], said["last_date"]),
            "reason": said["reason"],
        }
