"""Business days and how far their close has come."""

from typing import ClassVar

from django.db import models

from apps.closing.domain.status import DayStatus
from apps.core.models import Record, one_of


class Day(Record):
    """A business day that is being closed or closed."""

    date = models.DateField(unique=True)
    status = models.CharField(max_length=10, default=DayStatus.CLOSING)
    partitions = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (one_of("status", DayStatus),)

    @property
    def seconds(self) -> float | None:
        """From the beginning to the end of the close; none while it is under way."""
        return (self.closed_at - self.started_at).total_seconds() if self.closed_at else None

    @property
    def rows(self) -> int:
        """The rows that its steps have written."""
        return sum(part.rows for part in self.progress.all())

    @property
    def steps_done(self) -> int:
        """The steps that are done for every partition."""
        done = [part.step for part in self.progress.all()]
        return sum(done.count(step) == self.partitions for step in set(done))


class Progress(Record):
    """A step of a day's close that is done for one partition of the customers."""

    audit_exempt: ClassVar[str] = "progress of the close itself; the step's rows are captured"

    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="progress")
    step = models.CharField(max_length=40)
    partition = models.PositiveSmallIntegerField()
    rows = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)  # named totals for the summary, such as cases_opened
    seconds = models.FloatField()
    finished_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("day", "step", "partition"), name="closing_progress_once"),)
