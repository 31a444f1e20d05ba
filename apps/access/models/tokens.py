"""Tokens by which programs use the API in somebody's name."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.access.models.staff import User
from apps.core.models import Record


class ApiToken(Record):
    """A token: kept as a digest, good for some permissions until a day."""

    secret_fields: ClassVar[tuple[str, ...]] = ("digest",)

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))  # permissions, as far as its owner still holds them
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="access_apitoken_expires_later"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ApiTokenUse(Record):
    """When and from where a token was last used."""

    audit_exempt: ClassVar[str] = "what is done by a token is an operation; that one was used is noted by the minute"

    token = models.OneToOneField(ApiToken, on_delete=models.CASCADE, related_name="use")
    used_at = models.DateTimeField()
    address = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.token.name
