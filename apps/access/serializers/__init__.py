"""Requests, people and roles as the API shows them."""

from typing import Any

from rest_framework import serializers

from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.domain.exports import ExportState
from apps.access.models import ApprovalComment, ApprovalDecision, ApprovalRequest, Role, TrailExport, User
from apps.access.queries import approvals, trail_exports
from apps.audit import filters
from apps.audit.queries.files import Format
from apps.core.domain.refusal import Refused


class DecisionSerializer(serializers.ModelSerializer[ApprovalDecision]):
    """What one approver said, and in whose name where it was not their own."""

    decided_by = serializers.CharField(source="decided_by.username", read_only=True)
    on_behalf_of = serializers.CharField(source="on_behalf_of.username", default=None, read_only=True)
    delegation = serializers.CharField(source="delegation.reference", default=None, read_only=True)

    class Meta:
        model = ApprovalDecision
        fields = ("decided_by", "role", "on_behalf_of", "delegation", "verdict", "reason", "decided_at")


class CommentSerializer(serializers.ModelSerializer[ApprovalComment]):
    """What somebody said to a request without deciding it."""

    said_by = serializers.CharField(source="said_by.username", read_only=True)
    text = serializers.CharField(max_length=2000)

    class Meta:
        model = ApprovalComment
        fields = ("said_by", "text", "said_at")
        read_only_fields = ("said_at",)


class ApprovalSerializer(serializers.ModelSerializer[ApprovalRequest]):
    """A request with the rule it falls under, its decisions, and why whoever asks may not decide it."""

    status = serializers.ChoiceField(choices=[status.value for status in RequestStatus], read_only=True)
    made_by = serializers.CharField(source="made_by.username", read_only=True)
    tier = serializers.CharField(source="rule.tier", read_only=True)
    approvers = serializers.ListField(source="rule.approvers", child=serializers.CharField(), read_only=True)
    authority_version = serializers.IntegerField(source="rule.version.number", read_only=True)
    missing = serializers.SerializerMethodField()
    objection = serializers.SerializerMethodField()
    consequence = serializers.SerializerMethodField()
    decisions = DecisionSerializer(many=True, read_only=True)
    comments = CommentSerializer(many=True, read_only=True)

    class Meta:
        model = ApprovalRequest
        fields = (
            "reference",
            "action",
            "subject_type",
            "subject_reference",
            "customer_reference",
            "amount",
            "counted_amount",
            "facts",
            "reason",
            "status",
            "made_by",
            "made_at",
            "expires_at",
            "decided_at",
            "tier",
            "approvers",
            "authority_version",
            "missing",
            "objection",
            "consequence",
            "decisions",
            "comments",
        )

    def get_missing(self, request: ApprovalRequest) -> list[str]:
        """The roles that still have to agree."""
        return approvals.standing(request).missing()

    def get_objection(self, request: ApprovalRequest) -> str | None:
        """The sentence that keeps whoever asks from deciding, null where they may."""
        decider = self.context.get("decider")
        return approvals.why_not(request, decider) if decider else None

    def get_consequence(self, request: ApprovalRequest) -> str:
        """What the approval of whoever asks would do, empty where they may not decide."""
        decider = self.context.get("decider")
        return approvals.consequence(request, decider) if decider else ""


class DecideSerializer(serializers.Serializer[Any]):
    """A yes or a no; a no needs its reason."""

    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class DecideManySerializer(DecideSerializer):
    """The same to several requests."""

    references = serializers.ListField(child=serializers.CharField(max_length=40), allow_empty=False, max_length=200)


class AnsweredSerializer(serializers.Serializer[Any]):
    """What became of one of several requests: its status, or why it was not decided."""

    reference = serializers.CharField()
    status = serializers.CharField()
    refusal = serializers.CharField()


class StaffSerializer(serializers.ModelSerializer[User]):
    """Somebody who works here."""

    team = serializers.CharField(source="team.code", default=None, read_only=True)
    reports_to = serializers.CharField(source="reports_to.username", default=None, read_only=True)
    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("username", "name", "is_active", "team", "reports_to", "roles", "created_at")

    def get_roles(self, user: User) -> list[str]:
        """The roles held now."""
        return [grant.role.code for grant in user.live_grants]  # type: ignore[attr-defined]


class RoleSerializer(serializers.ModelSerializer[Role]):
    """A role, what it allows and who holds it."""

    holders = serializers.SerializerMethodField()

    class Meta:
        model = Role
        fields = ("code", "name", "permissions", "second_factor", "idle_minutes", "holders")

    def get_holders(self, role: Role) -> list[str]:
        """The user names of those who hold it now."""
        return [grant.user.username for grant in role.live_grants]  # type: ignore[attr-defined]


class TrailExportSerializer(serializers.ModelSerializer[TrailExport]):
    """A package of the trail: what was asked for, how far it has come (percent), and what became of it."""

    state = serializers.ChoiceField(choices=[state.value for state in ExportState], read_only=True)
    file_format = serializers.ChoiceField(choices=[kind.value for kind in Format])
    filters = serializers.DictField(child=serializers.CharField(), required=False, default=dict)
    continues = serializers.CharField(required=False, allow_blank=True, default="", trim_whitespace=False)
    made_by = serializers.CharField(source="made_by.username", read_only=True)
    percent = serializers.SerializerMethodField()
    failure = serializers.SerializerMethodField()

    class Meta:
        model = TrailExport
        fields = (
            "reference", "state", "percent", "first_date", "last_date", "filters", "file_format", "purpose",
            "continues", "is_sealed_part", "is_clear", "approval", "made_by", "made_at", "finished_at", "operation",
            "events", "size", "sha256", "failure",
        )  # fmt: skip
        read_only_fields = ("reference", "approval", "made_at", "finished_at", "operation", "events", "size", "sha256")

    def get_percent(self, export: TrailExport) -> int:
        """How much of it is written."""
        return trail_exports.percent(export)

    def get_failure(self, export: TrailExport) -> str:
        """Why there is no file, empty where nothing went wrong."""
        return trail_exports.failure(export)

    def validate_filters(self, chosen: dict[str, str]) -> dict[str, str]:
        """The filters of the trail's list, people by their identifiers; an unknown one is named."""
        try:
            filters.selection(chosen)
        except Refused as refusal:
            raise serializers.ValidationError(refusal.sentence, code=refusal.code) from None
        return chosen
