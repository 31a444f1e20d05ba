"""Strategies, cases, tasks, contacts, promises, arrangements, holds, disputes, complaints and the roster."""

from apps.cases.models.arrangements import (
    Arrangement,
    ArrangementMove,
    ArrangementPart,
    ArrangementPolicy,
    PromiseMove,
    SigningLink,
)
from apps.cases.models.cases import Case, StageMove, VersionMove
from apps.cases.models.complaints import Complaint
from apps.cases.models.contacts import Contact, Promise
from apps.cases.models.disputes import Dispute, DisputedBill, Evidence
from apps.cases.models.holds import HeldPause, Hold
from apps.cases.models.roster import RosterEntry
from apps.cases.models.simulations import Simulation, SimulationProgress
from apps.cases.models.strategies import StrategyArm, StrategySegment, StrategyStep, StrategyVersion
from apps.cases.models.tasks import Task

__all__ = [
    "Arrangement",
    "ArrangementMove",
    "ArrangementPart",
    "ArrangementPolicy",
    "Case",
    "Complaint",
    "Contact",
    "Dispute",
    "DisputedBill",
    "Evidence",
    "HeldPause",
    "Hold",
    "Promise",
    "RosterEntry",
    "PromiseMove",
    "SigningLink",
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
