"""Personal values shown over the API."""

from typing import Any

from rest_framework import serializers


class RevealSerializer(serializers.Serializer[Any]):
    """Which value is to be shown, and what for."""

    field = serializers.CharField(max_length=40, help_text="`name`, `identity`, or a contact point: `contact-12`.")
    reason = serializers.CharField(max_length=300)


class RevealedSerializer(serializers.Serializer[Any]):
    """The value in the clear."""

    field = serializers.CharField()
    value = serializers.CharField()
