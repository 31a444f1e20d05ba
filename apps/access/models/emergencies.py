"""Roles taken in an emergency."""

from django.db import models

from apps.access.domain.emergency import LONGEST, Finding
from apps.access.models.staff import RoleGrant, User
from apps.core.models import Record, together


class Emergency(Record):
    """A role that somebody took for some hours, why, and what a controller found."""

    reference = models.CharField(max_length=40, unique=True)
    grant = models.OneToOneField(RoleGrant, on_delete=models.PROTECT, related_name="emergency")
    reason = models.TextField()
    taken_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # the grant ends then, or before
    alarmed_at = models.DateTimeField(null=True, blank=True)  # when the controllers were written to
    review_due_date = models.DateField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    finding = models.CharField(max_length=12, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            together("reviewed_at", "reviewed_by"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("taken_at"), ends_at__lte=models.F("taken_at") + LONGEST),
                name="access_emergency_hours",
            ),
            models.CheckConstraint(
                condition=models.Q(finding="", reviewed_at__isnull=True)
                | models.Q(finding__in=[finding.value for finding in Finding], reviewed_at__isnull=False),
                name="access_emergency_finding",
            ),
        )
        indexes = (
            models.Index(
                fields=("ends_at",), name="access_emergency_open", condition=models.Q(reviewed_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def person(self) -> User:
        """Whoever took it."""
        return self.grant.user
