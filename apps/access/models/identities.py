"""Whom a sign-in service means."""

from django.db import models

from apps.access.models.staff import User
from apps.core.models import Record


class Identity(Record):
    """Somebody as a sign-in service knows them: by a subject that it never gives to another."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="identity")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("issuer", "subject"), name="access_identity_subject"),)

    def __str__(self) -> str:
        return self.user.username
