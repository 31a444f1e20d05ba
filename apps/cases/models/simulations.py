"""Simulations of strategies, and how far they are."""

from typing import ClassVar

from django.db import models

from apps.access.models import User
from apps.cases.domain.status import SimulationStatus
from apps.cases.models.strategies import StrategyVersion
from apps.core.models import Record, one_of


class Simulation(Record):
    """What a version would have done on some days, as it was when it was asked for, and what was in force beside it."""

    reference = models.CharField(max_length=40, unique=True)
    version = models.ForeignKey(StrategyVersion, on_delete=models.PROTECT, related_name="simulations")
    document = models.JSONField()  # a draft may be changed afterwards
    beside = models.ForeignKey(StrategyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first_date = models.DateField()
    last_date = models.DateField()
    is_everybody = models.BooleanField(default=False)  # every case under it at once, whatever its own rule
    status = models.CharField(max_length=10, default=SimulationStatus.WAITING)
    result = models.JSONField(null=True, blank=True)
    failure = models.JSONField(default=dict, blank=True)  # why there is no result, as `core.texts` says it again
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="simulations")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            one_of("status", SimulationStatus),
            models.CheckConstraint(
                condition=models.Q(last_date__gte=models.F("first_date")), name="cases_simulation_days"
            ),
        )

    def __str__(self) -> str:
        return self.reference


class SimulationProgress(Record):
    """How many of its days a simulation has gone through."""

    audit_exempt: ClassVar[str] = "progress of a simulation, which writes nothing of the book"

    simulation = models.OneToOneField(Simulation, on_delete=models.CASCADE, related_name="progress")
    days = models.PositiveSmallIntegerField()
    days_done = models.PositiveSmallIntegerField(default=0)
