"""Who may sign in, and what stands in the way, as the API shows it."""

from typing import Any

from rest_framework import serializers

from apps.access.domain import presence
from apps.access.domain.lockout import Place
from apps.access.models import Lockout, Session


class LockoutSerializer(serializers.ModelSerializer[Lockout]):
    """A log-in that is shut: of a person (none where nobody has the name that was tried) or from an address."""

    place = serializers.ChoiceField(choices=[place.value for place in Place], read_only=True)
    username = serializers.CharField(source="user.username", default=None, read_only=True)
    address = serializers.SerializerMethodField()

    class Meta:
        model = Lockout
        fields = ("id", "place", "username", "address", "failures", "failed_at", "until")

    def get_address(self, lockout: Lockout) -> str:
        """The address, empty for a person."""
        return lockout.key if lockout.place == Place.ADDRESS else ""


class SessionSerializer(serializers.ModelSerializer[Session]):
    """Where somebody is logged in, and until when unless they go on."""

    id = serializers.CharField(source="pk", read_only=True)
    username = serializers.CharField(source="user.username", read_only=True)
    is_this = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = ("id", "username", "started_at", "seen_at", "expire_date", "address", "agent", "is_this")

    def get_is_this(self, session: Session) -> bool:
        """Whether it is the one that asks."""
        return session.pk == presence.digest(self.context["request"].session.session_key or "")


class ReasonSerializer(serializers.Serializer[Any]):
    """Why something is done."""

    reason = serializers.CharField(max_length=2000)


class ChangePasswordSerializer(serializers.Serializer[Any]):
    """The present password and the one to take its place."""

    old = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)
    new = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)


class ConfirmSerializer(serializers.Serializer[Any]):
    """A code of the second factor, or the password of somebody who has none."""

    code = serializers.CharField(max_length=40, required=False, default="", write_only=True)
    password = serializers.CharField(max_length=200, trim_whitespace=False, required=False, default="", write_only=True)
