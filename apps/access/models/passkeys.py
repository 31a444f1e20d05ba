"""Keys that somebody's telephone, computer or stick holds (WebAuthn)."""

from django.db import models

from apps.access.models.staff import User
from apps.core.models import Record


class Passkey(Record):
    """The public half of such a key, with how often its holder says it was used."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential = models.CharField(max_length=1400, unique=True)  # its identifier, base64url
    public_key = models.TextField()  # COSE, base64url
    uses = models.BigIntegerField()  # the authenticator's own counter: one that does not grow betrays a copy
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
