"""What a person is to do about a case."""

from django.db import models

from apps.access.models import User
from apps.cases.domain.status import StepKind, TaskStatus
from apps.cases.models.cases import Case
from apps.core.models import Record, one_of, together


class Task(Record):
    """One thing that a person is to do about a case on a day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    step = models.SlugField()
    kind = models.CharField(max_length=10)
    queue = models.SlugField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    due_date = models.DateField()
    status = models.CharField(max_length=10, default=TaskStatus.OPEN)
    outcome = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - absent is not empty

    class Meta:
        constraints = (
            one_of("status", TaskStatus),
            one_of("kind", StepKind),
            together("done_at", "done_by"),
            models.UniqueConstraint(fields=("case", "step", "due_date"), name="cases_task_once"),
        )
        indexes = (
            models.Index(fields=("queue", "due_date"), name="cases_task_queue", condition=models.Q(status="open")),
            models.Index(fields=("case", "status"), name="cases_task_case"),
        )
