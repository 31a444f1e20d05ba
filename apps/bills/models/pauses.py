"""Days on which a customer's account stands still."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from apps.bills.domain.pauses import PauseReason, Span
from apps.core.models import DateRange, Record, one_of, together
from apps.customers.domain import masking
from apps.customers.models import Customer
from apps.customers.models.sealed import Sealed


class Pause(Record):
    """From its start to the day before its end nothing gets later: days past due, buckets and classes freeze."""

    personal_fields: ClassVar[tuple[str, ...]] = ("note",)
    personal_subject: ClassVar[str] = "customer"

    reference = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=20)
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)  # the first day that counts again; null: open
    note = Sealed(blank=True, context="bills.pause_note", owner="customer_id", mask=masking.told)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True, blank=True)  # when it was given an earlier end
    ended_by = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - absent is not empty
    cancelled_at = models.DateTimeField(null=True, blank=True)  # then it is as if it had never been
    cancelled_by = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - absent is not empty

    class Meta:
        constraints = (
            one_of("reason", PauseReason),
            together("ended_at", "ended_by"),
            together("cancelled_at", "cancelled_by"),
            models.CheckConstraint(
                condition=models.Q(end_date__isnull=True) | models.Q(end_date__gt=models.F("start_date")),
                name="bills_pause_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="bills_pause_no_overlap",
                expressions=(
                    ("customer", RangeOperators.EQUAL),
                    (DateRange("start_date", "end_date"), RangeOperators.OVERLAPS),
                ),
                condition=models.Q(cancelled_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def span(self) -> Span:
        """Its days."""
        return Span(self.start_date, self.end_date)
