"""The controls as the API shows them."""

from typing import Any

from rest_framework import serializers


class FigureSerializer(serializers.Serializer[Any]):
    """One control; `is_well` is false where somebody should look."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    is_well = serializers.BooleanField()
    hint = serializers.CharField(allow_blank=True)


class PersonSerializer(serializers.Serializer[Any]):
    """How often somebody did something."""

    name = serializers.CharField()
    actor = serializers.CharField()
    count = serializers.IntegerField()


class ControlsSerializer(serializers.Serializer[Any]):
    """Every control, and the people behind refusals and reveals of the last 30 days."""

    figures = FigureSerializer(many=True)
    refused = PersonSerializer(many=True)
    revealed = PersonSerializer(many=True)
