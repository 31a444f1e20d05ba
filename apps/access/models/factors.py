"""What somebody proves who they are with, beside the password."""

from typing import ClassVar

from django.db import models

from apps.access.models.staff import User
from apps.core.models import Record


class Authenticator(Record):
    """An app that shows one-time codes; it counts once its first code was given."""

    secret_fields: ClassVar[tuple[str, ...]] = ("secret",)

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="authenticator")
    secret = models.TextField()  # locked: `access.domain.locker`
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(null=True, blank=True)  # of the last code accepted: none is good twice

    def __str__(self) -> str:
        return self.user.username


class RecoveryCode(Record):
    """A code on paper that stands in for a lost second factor, once."""

    secret_fields: ClassVar[tuple[str, ...]] = ("digest",)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "digest"), name="access_recoverycode_once"),)

    def __str__(self) -> str:
        return self.user.username
