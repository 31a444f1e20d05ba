"""The trail as the API shows it; numbers of 64 bits are numbers here and strings in a leaf."""

import json
from typing import Any

from rest_framework import serializers

from apps.audit.models import Change, Operation, SavedFilter, Verification
from apps.audit.queries.anchoring import Cosignature, Receiver
from apps.audit.queries.retirement import Retired
from apps.audit.queries.standing import Standing


class OperationSerializer(serializers.ModelSerializer[Operation]):
    """One thing that somebody did, or was not allowed to do."""

    detail = serializers.SerializerMethodField()

    class Meta:
        model = Operation
        fields = "__all__"

    def get_detail(self, operation: Operation) -> dict[str, Any]:
        """What the operation noted about itself."""
        detail: dict[str, Any] = json.loads(operation.detail)
        return detail


class ChangeSerializer(serializers.ModelSerializer[Change]):
    """One changed row: `{"column": [old, new]}`, personal columns as commitments."""

    diff = serializers.SerializerMethodField()

    class Meta:
        model = Change
        fields = "__all__"

    def get_diff(self, change: Change) -> dict[str, Any]:
        """The changed columns."""
        diff: dict[str, Any] = json.loads(change.diff)
        return diff


class FaultSerializer(serializers.Serializer[Any]):
    """Something that is not as it should be."""

    code = serializers.CharField()
    sentence = serializers.CharField()


class VerificationSerializer(serializers.ModelSerializer[Verification]):
    """One look at whether the trail is whole."""

    state = serializers.ChoiceField(choices=["waiting", "running", "whole", "faulty", "broken_off"], read_only=True)
    percent = serializers.IntegerField(source="progress.percent", read_only=True)
    faults = FaultSerializer(many=True, read_only=True, allow_null=True)

    class Meta:
        model = Verification
        fields = (
            "id", "state", "percent", "asked_by", "asked_at", "started_at", "finished_at", "events", "faults",
            "broken_off",
        )  # fmt: skip


class RetiredSerializer(serializers.Serializer[Retired]):
    """A month that left the database: how many events, the cold file with them, and the operation that says so."""

    month = serializers.CharField(source="month.name")
    events = serializers.IntegerField()
    file = serializers.CharField()
    sha256 = serializers.CharField()
    retired_at = serializers.DateTimeField()
    operation = serializers.IntegerField(source="op_seq")


class ReceiverSerializer(serializers.Serializer[Receiver]):
    """Somebody outside who is given checkpoints or signs them: what arrived last, and what waits since when and why."""

    address = serializers.CharField()
    state = serializers.ChoiceField(choices=["failing", "waiting", "arrived", "never"])
    arrived_at = serializers.DateTimeField(allow_null=True)
    size = serializers.IntegerField(allow_null=True)
    waiting_since = serializers.DateTimeField(allow_null=True)
    attempts = serializers.IntegerField()
    error = serializers.CharField(allow_blank=True)


class StandingSerializer(serializers.Serializer[Standing]):
    """How the trail stands: events in the tree, under the last signature and outside the database."""

    is_well = serializers.BooleanField()
    sealed = serializers.IntegerField()
    sealed_at = serializers.DateTimeField(allow_null=True)
    lag_seconds = serializers.FloatField()
    unattributed = serializers.IntegerField()
    signed = serializers.IntegerField()
    signed_at = serializers.DateTimeField(allow_null=True)
    anchored = serializers.IntegerField(allow_null=True)
    anchored_at = serializers.DateTimeField(allow_null=True)
    missing_triggers = serializers.IntegerField()
    retired = serializers.IntegerField()
    outside = ReceiverSerializer(many=True)
    cosigners = ReceiverSerializer(many=True)
    verified = VerificationSerializer(allow_null=True)


class SavedFilterSerializer(serializers.ModelSerializer[SavedFilter]):
    """Filters under a name; `role` names whose holders see them besides the owner."""

    filters = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = SavedFilter
        fields = ("id", "name", "owner", "role", "filters", "created_at")


class NewSavedFilterSerializer(serializers.Serializer[Any]):
    """Filters to keep."""

    name = serializers.CharField(max_length=60)
    role = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    filters = serializers.DictField(child=serializers.CharField(max_length=200))


class CosignatureSerializer(serializers.Serializer[Cosignature]):
    """Who signed that they saw the trail at a size, and when."""

    size = serializers.IntegerField()
    name = serializers.CharField()
    signed_at = serializers.DateTimeField()
    line = serializers.CharField(trim_whitespace=False)


class CheckpointSerializer(serializers.Serializer[dict[str, Any]]):
    """A signed checkpoint: the note is the text that is signed, its last lines included."""

    size = serializers.IntegerField()
    signed_at = serializers.DateTimeField()
    note = serializers.CharField(trim_whitespace=False)
    cosignatures = CosignatureSerializer(many=True)


class CosignedNoteSerializer(serializers.Serializer[Cosignature]):
    """A checkpoint with a co-signature."""

    note = serializers.CharField(trim_whitespace=False, max_length=20_000)
