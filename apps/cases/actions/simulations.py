"""Simulations: asked for, run by a worker beside the version in force, and kept with what was found."""

import datetime as dt
from typing import Any

from django.db import connection

from apps.access.models import User
from apps.audit import actions as audit
from apps.cases.actions import rehearsal
from apps.cases.domain import moves
from apps.cases.domain.simulation import LONGEST
from apps.cases.domain.status import SimulationStatus
from apps.cases.models import Simulation, SimulationProgress, StrategyVersion
from apps.cases.queries import strategies
from apps.closing import queries as closing
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day
from apps.core import sql, texts
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

LOCK = 7_220_482
DAY = dt.timedelta(1)


def ask(
    *,
    version: StrategyVersion,
    first_date: dt.date,
    last_date: dt.date,
    is_everybody: bool = False,
    by: User,
    at: dt.datetime,
) -> Simulation:
    """Ask for a version to be simulated over some days; a draft as it is now."""
    with audit.operation("cases.ask_simulation", by=by, at=at, on=version) as op:
        strategies.check(version.document, at)
        days = days_of(first_date=first_date, last_date=last_date, by=by, at=at)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('cases_simulation', 'id'))")
            (key,) = cursor.fetchone()
        running = strategies.in_force()
        asked = Simulation.objects.create(
            pk=key,
            reference=f"SIM-{key}",
            version=version,
            document=version.document,
            beside=running if running != version else None,
            first_date=first_date,
            last_date=last_date,
            is_everybody=is_everybody,
            made_by=by,
            made_at=at,
        )
        SimulationProgress.objects.create(simulation=asked, days=len(days) * (2 if asked.beside else 1))
        op.on = asked
        op.sentence = f"Asked for {version} to be simulated from {first_date} to {last_date}, as {asked.reference}."
    return asked


def run(*, simulation: Simulation, by: Actor, at: dt.datetime) -> Simulation:
    """Simulate the version, then the one in force beside it; refused where somebody else is at it or was."""
    elsewhere = Refused(_("This simulation is run by somebody else."), code="simulated_elsewhere")
    with sql.alone(LOCK, simulation.pk, patience="1ms", refusal=elsewhere):
        simulation.refresh_from_db()
        if simulation.status == SimulationStatus.WAITING:
            _set(simulation, SimulationStatus.RUNNING, by, at)
        if simulation.status != SimulationStatus.RUNNING:
            raise elsewhere
        try:
            result = _both(simulation, by, at)
        except Refused as refusal:
            _set(simulation, SimulationStatus.FAILED, by, at, finished_at=at, failure=texts.parts(refusal.sentence))
            raise
        _set(simulation, SimulationStatus.DONE, by, at, finished_at=at, result=result)
    return simulation


def trial(
    *, version: StrategyVersion, first_date: dt.date, last_date: dt.date, is_everybody: bool, by: Actor, at: dt.datetime
) -> dict[str, Any]:
    """Simulate a version at once and answer what was found; the trail says that somebody did, nothing else is kept."""
    strategies.check(version.document, at)
    days = days_of(first_date=first_date, last_date=last_date, by=by, at=at)
    found = rehearsal.rehearse(
        version=version, document=version.document, days=days, is_everybody=is_everybody, by=by, at=at
    ).as_dict()
    audit.record(
        "cases.simulate_strategy",
        by=by,
        at=at,
        on=version,
        sentence=f"Simulated {version} from {first_date} to {last_date}.",
    )
    return found


def days_of(*, first_date: dt.date, last_date: dt.date, by: Actor, at: dt.datetime) -> list[dt.date]:
    """The days of a simulation; refused where one is not closed and not the next, or where they are too many."""
    words = {"first": first_date, "last": last_date, "longest": LONGEST}
    if last_date < first_date:
        raise Refused(_("%(last)s lies before %(first)s.") % words, code="period_empty")
    if (last_date - first_date).days >= LONGEST:
        raise Refused(_("A simulation takes up to %(longest)s days.") % words, code="period_long")
    if Day.objects.filter(status=DayStatus.CLOSING).exists():
        raise Refused(_("A day is being closed: simulate when it is."), code="day_closing")
    next_day = closing.next_day()
    if next_day is None or last_date > next_day:
        words["next"] = next_day or "—"
        raise Refused(
            _("%(last)s is not closed: the last day that can be simulated is the next to close, %(next)s.") % words,
            code="day_not_closed",
        )
    return [first_date + number * DAY for number in range((last_date - first_date).days + 1)]


def _both(simulation: Simulation, by: Actor, at: dt.datetime) -> dict[str, Any]:
    days = days_of(first_date=simulation.first_date, last_date=simulation.last_date, by=by, at=at)
    rows = SimulationProgress.objects.filter(simulation=simulation)
    result: dict[str, Any] = {"days": len(days)}
    parts = [("candidate", simulation.version, simulation.document, 0)]
    if simulation.beside:
        parts.append(("running", simulation.beside, simulation.beside.document, len(days)))
    for name, version, document, before in parts:
        found = rehearsal.rehearse(
            version=version,
            document=document,
            days=days,
            is_everybody=simulation.is_everybody,
            by=by,
            at=at,
            progress=lambda done, before=before: _say(rows, before + done),  # type: ignore[misc]
        )
        result[name] = found.as_dict()
    return result


def _say(rows: Any, done: int) -> None:
    rows.update(days_done=done)


def _set(simulation: Simulation, to: SimulationStatus, by: Actor, at: dt.datetime, **changes: Any) -> None:
    with audit.operation("cases.simulate_strategy", by=by, at=at, on=simulation) as op:
        simulation.status = moves.move(moves.SIMULATION, SimulationStatus(simulation.status), to)
        for name, value in changes.items():
            setattr(simulation, name, value)
        simulation.save(update_fields=["status", *changes])
        op.sentence = f"{simulation.reference} of {simulation.version}: now {to}."
