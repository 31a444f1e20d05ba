"""Strategies, cases, tasks, contacts, promises and complaints."""

from apps.cases.models.cases import Case, StageMove
from apps.cases.models.complaints import Complaint
from apps.cases.models.contacts import Contact, Promise
from apps.cases.models.roster import RosterEntry
from apps.cases.models.strategies import StrategyStep, StrategyVersion
from apps.cases.models.tasks import Task

__all__ = [
    "Case",
    "Complaint",
    "Contact",
    "Promise",
    "RosterEntry",
    "StageMove",
    "StrategyStep",
    "StrategyVersion",
    "Task",
]
