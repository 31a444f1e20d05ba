"""What the scheduler does for approvals, and exports of the trail in the background."""

import contextlib

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.access import providers
from apps.access.actions import approvals, emergencies, ending, trail_exports
from apps.access.models import TrailExport
from apps.access.queries import trail_exports as queries
from apps.access.queries.emergencies import unalarmed
from apps.audit import filters
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused


@shared_task(name="access.expire_requests")
def expire_requests() -> int:
    """End the requests that nobody decided in time; returns how many."""
    return approvals.expire(by=System("approvals"), at=timezone.now())


@shared_task(name="access.clear_sessions")
def clear_sessions() -> int:
    """Throw away the sessions that have ended; returns how many."""
    return ending.clear(by=System("sessions"), at=timezone.now())


@shared_task(name="access.export_trail")
def export_trail(reference: str) -> str:
    """Write an export that somebody asked for, in their name; returns what became of it."""
    export = TrailExport.objects.select_related("made_by").get(reference=reference)
    period = filters.period(export.first_date, export.last_date)
    try:
        trail_exports.write(
            export=export, period=period, select=filters.selection, by=export.made_by, at=timezone.now()
        )
    except Refused as refusal:
        return refusal.code
    return export.state


@shared_task(name="access.export_what_waits")
def export_what_waits() -> int:
    """Write the exports that nobody writes: the broker was silent, or whoever wrote them died."""
    waiting = queries.waiting()
    for export in waiting:
        export_trail(export.reference)
    return len(waiting)


@shared_task(name="access.mind_emergencies")
def mind_emergencies() -> int:
    """Take back the roles whose hours are over, and write to the controllers of new ones; returns of how many."""
    at = timezone.now()
    emergencies.end_overdue(by=System("emergencies"), at=at)
    told = [found for found in unalarmed() if providers.told(found)]
    for found in told:
        emergencies.alarmed(emergency=found, by=System("emergencies"), at=at)
    return len(told)


def alarm() -> None:
    """Let a worker tell the controllers now; where the broker is silent, the scheduler does."""
    with contextlib.suppress(OperationalError):
        mind_emergencies.delay()


def wake(export: TrailExport) -> None:
    """Let a worker write it now; where the broker is silent, the scheduler finds it."""
    with contextlib.suppress(OperationalError):
        export_trail.delay(export.reference)
