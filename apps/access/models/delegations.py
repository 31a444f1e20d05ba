"""Deciding in somebody else's name."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models

from apps.access.models.staff import RoleGrant, User
from apps.core.models import DateRange, Record, together


class Delegation(Record):
    """A role that whoever holds it lets somebody else decide in, from its start to the day before its end.

    It hangs on the grant of the role: whoever has the role by delegation has no grant to pass on, and a role that is
    lost and given again does not bring its delegations back.
    """

    reference = models.CharField(max_length=40, unique=True)
    grant = models.ForeignKey(RoleGrant, on_delete=models.PROTECT, related_name="delegations")
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mandates")
    actions = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # none: every action
    products = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # none: every product
    up_to = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # null: any amount
    start_date = models.DateField()
    end_date = models.DateField()  # the first day on which it holds no longer
    reason = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # before its time
    ended_by = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - absent is not empty

    class Meta:
        constraints = (
            together("ended_at", "ended_by"),
            models.CheckConstraint(
                condition=models.Q(end_date__gt=models.F("start_date")), name="access_delegation_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(up_to__isnull=True) | models.Q(up_to__gt=0), name="access_delegation_up_to"
            ),
            ExclusionConstraint(
                name="access_delegation_no_overlap",
                expressions=(
                    ("grant", RangeOperators.EQUAL),
                    ("receiver", RangeOperators.EQUAL),
                    (DateRange("start_date", "end_date"), RangeOperators.OVERLAPS),
                ),
                condition=models.Q(ended_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def giver(self) -> User:
        """In whose name it lets decide."""
        return self.grant.user

    @property
    def last_date(self) -> dt.date:
        """The last day on which it holds."""
        return self.end_date - dt.timedelta(days=1)
