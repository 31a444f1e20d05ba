"""Tokens as the API takes and shows them."""

from typing import Any

from rest_framework import serializers

from apps.access.domain.permissions import Permission
from apps.access.domain.tokens import LONGEST
from apps.access.models import ApiToken


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token without what opens."""

    username = serializers.CharField(source="user.username", read_only=True)
    used_at = serializers.DateTimeField(source="use.used_at", default=None, read_only=True)

    class Meta:
        model = ApiToken
        fields = ("id", "username", "name", "scopes", "made_at", "expires_at", "used_at")


class ShownTokenSerializer(TokenSerializer):
    """A new token, shown once."""

    token = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "token")  # type: ignore[assignment]


class NewTokenSerializer(serializers.Serializer[Any]):
    """What a token is for, what it may, and for how many days."""

    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[permission.value for permission in Permission]), allow_empty=False
    )
    days = serializers.IntegerField(min_value=1, max_value=LONGEST.days, default=90)
