"""Cases and their history."""

from typing import ClassVar

from django.db import models

from apps.access.models import User
from apps.cases.domain.status import CaseStatus, CloseReason, ExistingCases
from apps.cases.models.strategies import StrategyVersion
from apps.core.models import Record, one_of
from apps.customers.models import Customer


class Case(Record):
    """The work of collecting from one customer, from the first step to the cure."""

    reference = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cases")
    strategy = models.ForeignKey(StrategyVersion, on_delete=models.PROTECT, related_name="cases")
    status = models.CharField(max_length=10, default=CaseStatus.OPEN)
    arm = models.SlugField(blank=True, default="", db_default="")  # of the experiment, fixed before the first contact
    stage = models.SlugField()  # the code of the step it is in
    oldest_due_date = models.DateField()
    overdue_amount = models.DecimalField(max_digits=14, decimal_places=2)
    balance = models.DecimalField(max_digits=14, decimal_places=2)
    queue = models.SlugField(blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    priority = models.IntegerField(default=0)  # higher is sooner
    opened_date = models.DateField()
    stage_date = models.DateField()
    held_days = models.PositiveIntegerField(db_default=0)  # closed days that count as late and not towards a stage
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


class VersionMove(Record):
    """A case's step from one version of the strategy to another, by the rule of the one it went to."""

    append_only: ClassVar[bool] = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="version_moves", db_index=False)
    moved_date = models.DateField()
    from_version = models.ForeignKey(StrategyVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_version = models.ForeignKey(StrategyVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_arm = models.SlugField(blank=True)
    to_arm = models.SlugField(blank=True)
    rule = models.CharField(max_length=20)

    class Meta:
        constraints = (
            one_of("rule", ExistingCases),
            models.UniqueConstraint(fields=("case", "moved_date"), name="cases_versionmove_once"),
        )
