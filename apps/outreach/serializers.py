"""Messages and gate decisions as the API shows them: without the text, and with a masked address."""

from typing import Any

from rest_framework import serializers

from apps.outreach.domain.gate import Decision
from apps.outreach.models import GateDecision, Message


class GateDecisionSerializer(serializers.ModelSerializer[GateDecision]):
    """The gate's answer to one contact: the rules that said no, what the caps had counted, every rule asked."""

    customer: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField("reference", read_only=True)
    reasons = serializers.SerializerMethodField()
    counters = serializers.SerializerMethodField()
    rules = serializers.SerializerMethodField()

    class Meta:
        model = GateDecision
        fields = (
            "id", "customer", "channel", "planned_at", "decided_at", "is_allowed", "reasons", "counters", "rules",
        )  # fmt: skip

    def get_reasons(self, decision: GateDecision) -> list[str]:
        """The codes of the rules that said no."""
        return decision.reasons.split()

    def get_counters(self, decision: GateDecision) -> dict[str, int]:
        """What each cap had counted."""
        return Decision.counted(decision.counters)

    def get_rules(self, decision: GateDecision) -> list[str]:
        """Every rule that was asked, with its version."""
        return decision.rules.split()


class MessageSerializer(serializers.ModelSerializer[Message]):
    """A message: what for, by which channel, when, and what became of it."""

    customer: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField("reference", read_only=True)
    address = serializers.CharField(read_only=True, help_text="Masked: 138****1234.")
    decision = GateDecisionSerializer(read_only=True)

    class Meta:
        model = Message
        fields = (
            "reference", "customer", "purpose", "channel", "address", "status", "due_date", "planned_at",
            "scheduled_at", "sent_at", "attempts", "provider", "provider_reference", "error", "decision",
        )  # fmt: skip
