"""Emergencies as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from apps.access.domain.emergency import LONGEST_HOURS, Finding
from apps.access.models import Emergency
from apps.access.queries import emergencies


class EmergencySerializer(serializers.ModelSerializer[Emergency]):
    """Who took which role for how long and why, and what a controller found."""

    person = serializers.CharField(source="person.username", read_only=True)
    role = serializers.CharField(source="grant.role.code", read_only=True)
    ended_at = serializers.DateTimeField(source="grant.ended_at", read_only=True)
    reviewed_by = serializers.CharField(source="reviewed_by.username", default=None, read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Emergency
        fields = (
            "reference", "person", "role", "reason", "taken_at", "ends_at", "ended_at", "state", "review_due_date",
            "reviewed_at", "reviewed_by", "finding", "note",
        )  # fmt: skip

    def get_state(self, emergency: Emergency) -> str:
        """`live`, `unreviewed`, `overdue` or `reviewed`."""
        return emergencies.state(emergency, self.context["today"]).value


class TakeSerializer(serializers.Serializer[Any]):
    """Which role, for how long and why."""

    role = serializers.CharField(max_length=40)
    hours = serializers.IntegerField(min_value=1, max_value=LONGEST_HOURS)
    reason = serializers.CharField(max_length=500)


class ReviewSerializer(serializers.Serializer[Any]):
    """What was found."""

    finding = serializers.ChoiceField(choices=[finding.value for finding in Finding])
    note = serializers.CharField(max_length=2000)
