"""What several endpoints take."""

from typing import Any

from rest_framework import serializers


class WhySerializer(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=500)
