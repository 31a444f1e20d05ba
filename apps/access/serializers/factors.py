"""Second factors as the API takes and shows them."""

from typing import Any

from rest_framework import serializers

from apps.access.models import Passkey


class PasskeySerializer(serializers.ModelSerializer[Passkey]):
    """A key that somebody's device holds."""

    class Meta:
        model = Passkey
        fields = ("id", "name", "made_at", "used_at")


class KeySerializer(serializers.Serializer[Any]):
    """Which passkey."""

    id = serializers.IntegerField(min_value=1)


class FactorsSerializer(serializers.Serializer[Any]):
    """What somebody has set up."""

    app = serializers.BooleanField(help_text="An authenticator app.")
    passkeys = PasskeySerializer(many=True)
    codes = serializers.IntegerField(help_text="Recovery codes not used yet.")
    is_required = serializers.BooleanField(help_text="Whether a role asks for a second factor.")


class SecretSerializer(serializers.Serializer[Any]):
    """A new app's secret, and the address that it scans."""

    secret = serializers.CharField()
    address = serializers.CharField()


class CodeSerializer(serializers.Serializer[Any]):
    """A code of the app, or a recovery code."""

    code = serializers.CharField(max_length=40)


class CodesSerializer(serializers.Serializer[Any]):
    """Recovery codes, shown once."""

    codes = serializers.ListField(child=serializers.CharField())


class SignInRuleSerializer(serializers.Serializer[Any]):
    """What a role is to ask of those who sign in, and why."""

    second_factor = serializers.BooleanField()
    idle_minutes = serializers.IntegerField(min_value=1, max_value=1440, allow_null=True)
    reason = serializers.CharField(max_length=2000)
