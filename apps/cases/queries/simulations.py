"""Simulations: those that were asked for, how far each is, and what it found side by side."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from apps.cases.domain.status import SimulationStatus
from apps.cases.models import Simulation, StrategyVersion
from apps.core import texts

UNFINISHED = (SimulationStatus.WAITING, SimulationStatus.RUNNING)
FIGURES = (
    "cases", "cases_moved", "cases_advanced", "cases_closed", "tasks", "messages", "blocked", "agent_hours",
)  # fmt: skip


def simulations() -> QuerySet[Simulation]:
    """All of them, the latest first; they tell of no customer."""
    return Simulation.objects.select_related("version", "beside", "made_by", "progress").order_by("-id")


def waiting() -> list[Simulation]:
    """Those that nobody has finished, the first asked for first."""
    return list(simulations().filter(status__in=UNFINISHED).order_by("id"))


def of_version(version: StrategyVersion) -> QuerySet[Simulation]:
    """Those of one version."""
    return simulations().filter(version=version)


def percent(simulation: Simulation) -> int:
    """How much of it is done."""
    return 100 * simulation.progress.days_done // max(simulation.progress.days, 1)


def failure(simulation: Simulation) -> str:
    """Why there is no result, in the reader's language."""
    return str(texts.say(simulation.failure)) if simulation.failure else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure or step of both versions; the second is None where none was simulated beside it."""

    name: str
    arm: str
    kind: str
    candidate: dict[str, Any]
    running: dict[str, Any] | None


def figures(simulation: Simulation) -> list[tuple[str, Any, Any]]:
    """The totals: name, of the version, of the one in force beside it."""
    result = simulation.result or {}
    mine, beside = result.get("candidate", {}), result.get("running")
    return [(name, mine.get(name), beside.get(name) if beside else None) for name in FIGURES] if mine else []


def lines(simulation: Simulation) -> list[Line]:
    """What was made step by step and arm by arm, both versions side by side."""
    result = simulation.result or {}
    mine, beside = _by_place(result.get("candidate")), _by_place(result.get("running"))
    nothing = {"tasks": 0, "messages": 0, "blocked": 0, "agent_hours": 0}
    return [
        Line(*place, mine.get(place, nothing), beside.get(place, nothing) if "running" in result else None)
        for place in dict.fromkeys([*mine, *beside])
    ]


def reasons(simulation: Simulation) -> list[dict[str, Any]]:
    """Why contacts would be blocked under the version, the most frequent first."""
    found: list[dict[str, Any]] = (simulation.result or {}).get("candidate", {}).get("reasons", [])
    return found


def _by_place(found: dict[str, Any] | None) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(line["step"], line["arm"], line["kind"]): line for line in (found or {}).get("steps", [])}
