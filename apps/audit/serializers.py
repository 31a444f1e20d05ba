"""The trail as the API shows it; numbers of 64 bits are numbers here and strings in a leaf."""

import json
from typing import Any

from rest_framework import serializers

from apps.audit.models import Change, Operation


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
