"""Strategies, cases, tasks, contacts and promises."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.access.models import User
from apps.cases.domain.status import (
    CaseStatus,
    CloseReason,
    Outcome,
    PromiseStatus,
    StepKind,
    TaskStatus,
    VersionStatus,
)
from apps.core.models import Record, one_of, positive, together
from apps.customers.domain.contact import Channel
from apps.customers.models import Customer
from apps.outreach.models import CallAttempt


class StrategyVersion(Record):
    """One version of a treatment path, as a document."""

    code = models.SlugField()
    version = models.PositiveIntegerField()
    document = models.JSONField()
    status = models.CharField(max_length=10, default=VersionStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            one_of("status", VersionStatus),
            models.UniqueConstraint(fields=("code", "version"), name="cases_strategyversion_version"),
            models.UniqueConstraint(
                fields=("code",), condition=models.Q(status="published"), name="cases_strategyversion_one_published"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class StrategyStep(Record):
    """A step of a version, read from its document once so that the close can join it."""

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.SmallIntegerField()
    code = models.SlugField()
    kind = models.CharField(max_length=10)
    stage = models.SlugField(blank=True)  # the stage in which it acts, its own code if it is one; empty: before a case
    from_day = models.SmallIntegerField()  # days past due at which it begins
    days = ArrayField(models.SmallIntegerField(), default=list)  # the days on which it acts; none: once, when it begins
    queue = models.SlugField(blank=True)
    template = models.SlugField(blank=True)
    channels = ArrayField(models.CharField(max_length=10), default=list)  # in order of preference

    class Meta:
        constraints = (
            one_of("kind", StepKind),
            models.UniqueConstraint(fields=("version", "code"), name="cases_strategystep_code"),
        )


class Case(Record):
    """The work of collecting from one customer, from the first step to the cure."""

    reference = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cases")
    strategy = models.ForeignKey(StrategyVersion, on_delete=models.PROTECT, related_name="cases")
    status = models.CharField(max_length=10, default=CaseStatus.OPEN)
    stage = models.SlugField()  # the code of the step it is in
    oldest_due_date = models.DateField()
    overdue_amount = models.DecimalField(max_digits=14, decimal_places=2)
    balance = models.DecimalField(max_digits=14, decimal_places=2)
    queue = models.SlugField(blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    priority = models.IntegerField(default=0)  # higher is sooner
    opened_date = models.DateField()
    stage_date = models.DateField()
    closed_date = models.DateField(null=True, blank=True)
    close_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = (
            one_of("status", CaseStatus),
            models.UniqueConstraint(
                fields=("customer",), condition=models.Q(status="open"), name="cases_case_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", closed_date__isnull=True, close_reason="")
                | models.Q(status="closed", closed_date__isnull=False, close_reason__in=list(CloseReason)),
                name="cases_case_closed",
            ),
        )
        indexes = (
            models.Index(
                fields=("queue", "-priority", "-id"), name="cases_case_worklist", condition=models.Q(status="open")
            ),
            models.Index(
                fields=("owner", "-priority", "-id"), name="cases_case_owner", condition=models.Q(status="open")
            ),
        )

    def __str__(self) -> str:
        return self.reference


class StageMove(Record):
    """A case's step from one stage to another: its history."""

    append_only: ClassVar[bool] = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves", db_index=False)
    moved_date = models.DateField()
    from_stage = models.SlugField(blank=True)  # empty: the case was opened
    to_stage = models.SlugField(blank=True)  # empty: the case was closed
    days_past_due = models.PositiveIntegerField()
    cause = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "moved_date"), name="cases_stagemove_once"),)


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


class Contact(Record):
    """A contact with the customer as the agent recorded it."""

    personal_fields: ClassVar[tuple[str, ...]] = ("note",)
    personal_subject: ClassVar[str] = "case"
    append_only: ClassVar[bool] = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts")
    call = models.OneToOneField(CallAttempt, on_delete=models.PROTECT, null=True, blank=True, related_name="contact")
    channel = models.CharField(max_length=10)
    outcome = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    contacted_date = models.DateField()  # the business date
    contacted_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contacts")

    class Meta:
        constraints = (one_of("channel", Channel), one_of("outcome", Outcome))
        indexes = (models.Index(fields=("case", "-id"), name="cases_contact_case"),)


class Promise(Record):
    """A promise to pay an amount by a date, judged in the close by what the ledger received."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises")
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="promise")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    promised_date = models.DateField()  # paid by the end of this day
    status = models.CharField(max_length=10, default=PromiseStatus.OPEN)
    made_date = models.DateField()
    judged_date = models.DateField(null=True, blank=True)
    received = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # when judged

    class Meta:
        constraints = (
            one_of("status", PromiseStatus),
            positive("amount"),
            models.UniqueConstraint(fields=("case",), condition=models.Q(status="open"), name="cases_promise_one_open"),
            models.CheckConstraint(
                condition=models.Q(promised_date__gte=models.F("made_date")), name="cases_promise_not_in_the_past"
            ),
        )
