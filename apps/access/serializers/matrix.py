"""Editions of the authority matrix as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from apps.access.domain.authority import Tier
from apps.access.domain.matrix import Line
from apps.access.models import ApprovalRequest, AuthorityRule, AuthorityVersion
from apps.access.queries.matrix import Draft


class RuleSerializer(serializers.ModelSerializer[AuthorityRule]):
    """One line; `approvers` are role codes, every one of which must agree once per mention."""

    class Meta:
        model = AuthorityRule
        fields = ("action", "product", "tier", "up_to", "fees_only", "approvers", "in_order", "in_bulk")


class EditionSerializer(serializers.ModelSerializer[AuthorityVersion]):
    """One edition with its lines."""

    rules = RuleSerializer(many=True, read_only=True)

    class Meta:
        model = AuthorityVersion
        fields = ("number", "effective_date", "note", "maker_daily_limit", "customer_daily_limit", "rules")


class LineSerializer(serializers.Serializer[Any]):
    """One line of a new edition."""

    action = serializers.CharField(max_length=60)
    product = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    tier = serializers.CharField(max_length=10)
    up_to = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True, required=False, default=None)
    fees_only = serializers.BooleanField(required=False, default=False)
    approvers = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20)
    in_order = serializers.BooleanField(required=False, default=False)
    in_bulk = serializers.BooleanField(required=False, default=False)


class ProposalSerializer(serializers.Serializer[Any]):
    """A new edition, whole, drawn from the edition number `base`."""

    base = serializers.IntegerField(min_value=0)
    effective_date = serializers.DateField()
    note = serializers.CharField(max_length=200)
    maker_daily_limit = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    customer_daily_limit = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    rules = LineSerializer(many=True, allow_empty=False)
    reason = serializers.CharField(max_length=500)

    def draft(self) -> Draft:
        """What is proposed."""
        said = self.validated_data
        return Draft(
            said["effective_date"],
            said["note"],
            said["maker_daily_limit"],
            said["customer_daily_limit"],
            tuple(
                Line(
                    rule["action"],
                    Tier(
                        rule["tier"],
                        rule["up_to"],
                        tuple(rule["approvers"]),
                        rule["fees_only"],
                        rule["in_order"],
                        rule["in_bulk"],
                    ),
                    rule["product"],
                )
                for rule in said["rules"]
            ),
        )


class ProposedSerializer(serializers.ModelSerializer[ApprovalRequest]):
    """The request that waits for those who must agree."""

    class Meta:
        model = ApprovalRequest
        fields = ("reference", "action", "status", "made_at", "expires_at")


class TrialSerializer(serializers.Serializer[Any]):
    """A request that somebody might make."""

    action = serializers.CharField(max_length=60)
    product = serializers.CharField(max_length=40, required=False, default="")
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    fees_only = serializers.BooleanField(required=False, default=False)


class NeedSerializer(serializers.Serializer[Any]):
    """The line under which a request would fall."""

    tier = serializers.CharField()
    approvers = serializers.ListField(child=serializers.CharField())
    in_order = serializers.BooleanField()
