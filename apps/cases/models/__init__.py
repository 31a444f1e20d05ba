"""Strategies, cases, tasks, contacts, promises and complaints."""

from apps.cases.models.cases import Case, StageMove, VersionMove
from apps.cases.models.complaints import Complaint
from apps.cases.models.contacts import Contact, Promise
from apps.cases.models.simulations import Simulation, SimulationProgress
from apps.cases.models.strategies import StrategyArm, StrategySegment, StrategyStep, StrategyVersion
from apps.cases.models.tasks import Task

__all__ = [
    "Case",
    "Complaint",
    "Contact",
    "Promise",
    "Simulation",
    "SimulationProgress",
    "StageMove",
    "StrategyArm",
    "StrategySegment",
    "StrategyStep",
    "StrategyVersion",
    "Task",
    "VersionMove",
]
