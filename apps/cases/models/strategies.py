"""Treatment paths and their steps."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.cases.domain.status import StepKind, VersionStatus
from apps.core.models import Record, one_of


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
