"""Failed log-ins, and until when the log-in is shut for whom."""

from django.db import models

from apps.access.domain.lockout import Place
from apps.access.models.staff import User
from apps.core.models import Record, one_of


class Lockout(Record):
    """The failed attempts to log in as one person or from one address, and until when nobody may try again."""

    place = models.CharField(max_length=10)
    key = models.CharField(max_length=80)  # of the person, the address, or a digest of a user name that nobody has
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="lockouts")
    failures = models.PositiveIntegerField()
    failed_at = models.DateTimeField()  # the last time
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            one_of("place", Place),
            models.UniqueConstraint(fields=("place", "key"), name="access_lockout_once"),
        )

    def __str__(self) -> str:
        return self.user.name if self.user else self.key
