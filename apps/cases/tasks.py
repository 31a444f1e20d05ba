"""What is done about cases by the clock: the morning's assignment, and simulations."""

import contextlib

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.cases.actions import roster, simulations
from apps.cases.models import Simulation
from apps.cases.queries import simulations as queries
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused


@shared_task(name="cases.assign_what_waits")
def assign_what_waits() -> int:
    """Give the waiting cases to the roster, before the day's work begins; answers how many."""
    given, _left = roster.assign_all(by=System("assignment"), at=timezone.now())
    return given


@shared_task(name="cases.simulate")
def simulate(reference: str) -> str:
    """Run a simulation that somebody asked for, in their name; returns what became of it."""
    simulation = queries.simulations().get(reference=reference)
    try:
        simulations.run(simulation=simulation, by=simulation.made_by, at=timezone.now())
    except Refused as refusal:
        return refusal.code
    return simulation.status


@shared_task(name="cases.simulate_what_waits")
def simulate_what_waits() -> int:
    """Run the simulations that nobody runs: the broker was silent, or whoever ran them died."""
    waiting = queries.waiting()
    for simulation in waiting:
        simulate(simulation.reference)
    return len(waiting)


def wake(simulation: Simulation) -> None:
    """Let a worker run it now; where the broker is silent, the scheduler finds it."""
    with contextlib.suppress(OperationalError):
        simulate.delay(simulation.reference)
