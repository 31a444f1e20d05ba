"""Holds, and the pauses of accounts that they began."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from apps.bills.models import Pause
from apps.cases.domain.holds import HoldKind, HoldStatus
from apps.cases.models.cases import Case
from apps.core.models import DateRange, Record, one_of, together
from apps.customers.models import Customer


class Hold(Record):
    """Days on which collecting from a customer stands still; two of a kind share no day."""

    personal_fields: ClassVar[tuple[str, ...]] = ("reason", "evidence", "end_reason")
    personal_subject: ClassVar[str] = "customer"

    reference = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="holds", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=10, default=HoldStatus.IN_FORCE)
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)  # the first day that is free again; null: until it is lifted
    review_date = models.DateField()  # by which somebody looks at it: the next step of its case
    cause = models.CharField(max_length=100, blank=True)  # the reference of what placed it
    reason = models.TextField()
    evidence = models.TextField(blank=True)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - absent is not empty
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            one_of("kind", HoldKind),
            one_of("status", HoldStatus),
            together("ended_at", "ended_by"),
            models.CheckConstraint(
                condition=models.Q(status="in_force", ended_at__isnull=True)
                | models.Q(status__in=["lifted", "expired"], ended_at__isnull=False, end_date__isnull=False),
                name="cases_hold_ended",
            ),
            models.CheckConstraint(  # lifted on the day on which it was placed, it held no day
                condition=models.Q(end_date__isnull=True)
                | models.Q(end_date__gt=models.F("start_date"))
                | models.Q(end_date=models.F("start_date"), status="lifted"),
                name="cases_hold_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="cases_hold_no_overlap",
                expressions=(
                    ("customer", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("start_date", "end_date"), RangeOperators.OVERLAPS),
                ),
            ),
        )
        indexes = (
            models.Index(fields=("customer", "-id"), name="cases_hold_customer"),
            models.Index(
                fields=("customer", "start_date"), name="cases_hold_standing", condition=models.Q(status="in_force")
            ),
        )

    def __str__(self) -> str:
        return self.reference


class HeldPause(Record):
    """A pause of the account that a hold began, and ends with it."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="pauses")
    pause = models.OneToOneField(Pause, on_delete=models.PROTECT, related_name="held")
