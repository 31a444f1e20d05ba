"""Strategies, cases, tasks, contacts and promises."""

from apps.cases.models.cases import Case, StageMove
from apps.cases.models.contacts import Contact, Promise
from apps.cases.models.strategies import StrategyStep, StrategyVersion
from apps.cases.models.tasks import Task

__all__ = [
    "Case",
    "Contact",
    "Promise",
    "StageMove",
    "StrategyStep",
    "StrategyVersion",
    "Task",
]
