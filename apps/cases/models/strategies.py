"""Treatment paths and what the close joins of them: steps, segments and arms."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.access.models import User
from apps.cases.domain.status import ArmRole, ExistingCases, StepKind, VersionStatus
from apps.core.models import Record, one_of, together


class StrategyVersion(Record):
    """One version of a treatment path, as a document."""

    code = models.SlugField()
    version = models.PositiveIntegerField()
    document = models.JSONField()
    status = models.CharField(max_length=10, default=VersionStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="drafts")
    existing_cases = models.CharField(
        max_length=20, default=ExistingCases.AT_NEXT_STAGE
    )  # in force since it was published
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts")
    drafted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            one_of("status", VersionStatus),
            one_of("existing_cases", ExistingCases),
            together("drafted_by", "drafted_at"),
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
    segments = ArrayField(models.SlugField(), default=list)  # none: every case
    arms = ArrayField(models.SlugField(), default=list)  # in which it acts; none: there is no experiment
    wait = models.SmallIntegerField(default=0)  # days since the last contact or message
    exits = ArrayField(models.CharField(max_length=20), default=list)
    minutes = models.SmallIntegerField(default=0)  # of an agent, for simulations

    class Meta:
        constraints = (
            one_of("kind", StepKind),
            models.UniqueConstraint(fields=("version", "code"), name="cases_strategystep_code"),
        )


class StrategySegment(Record):
    """A segment of a version: what is not null or empty must hold."""

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="segments")
    code = models.SlugField()
    buckets = ArrayField(models.CharField(max_length=3), default=list)
    amount_from = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    amount_below = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    products = ArrayField(models.CharField(max_length=40), default=list)
    tenure_from = models.IntegerField(null=True, blank=True)  # days since the first bill
    tenure_below = models.IntegerField(null=True, blank=True)
    first_payment_default = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "code"), name="cases_strategysegment_code"),)


class StrategyArm(Record):
    """An arm of a version's experiment: the customers whose hash lies from `share_from` on, so many of a hundred."""

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="arms")
    code = models.SlugField()
    role = models.CharField(max_length=10)
    weight = models.SmallIntegerField()
    share_from = models.SmallIntegerField()

    class Meta:
        constraints = (
            one_of("role", ArmRole),
            models.UniqueConstraint(fields=("version", "code"), name="cases_strategyarm_code"),
        )
