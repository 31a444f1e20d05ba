"""Taking uploaded files in the background."""

import contextlib
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.bills.actions import receipts
from apps.bills.models import Intake
from apps.bills.queries import intakes
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused

FOLDER = "intakes"  # of uploaded files, under VAR_DIR


def folder() -> Path:
    """Where uploaded files lie until they are taken."""
    return Path(settings.VAR_DIR).resolve() / FOLDER


@shared_task(name="bills.take_intake")
def take_intake(reference: str) -> str:
    """Take an uploaded file; one that cannot be read is refused and says why. The file is thrown away at its end."""
    intake = Intake.objects.get(reference=reference)
    try:
        receipts.take(intake=intake, progress=_unwatched, by=System("import"), at=timezone.now())
    except Refused as refusal:
        if refusal.code == "taken_elsewhere":
            return refusal.code
    intake.refresh_from_db()
    path = Path(intake.path)
    if intake.finished_at is not None and path.parent == folder():
        path.unlink(missing_ok=True)
    return intake.state


@shared_task(name="bills.take_what_waits")
def take_what_waits() -> int:
    """Go on with uploaded files that nobody takes: the broker was silent, or whoever took them died."""
    found = intakes.waiting(folder())
    for intake in found:
        take_intake(intake.reference)
    return len(found)


def wake(intake: Intake) -> None:
    """Let a worker take the file now; where the broker is silent, the scheduler finds it."""
    with contextlib.suppress(OperationalError):
        take_intake.delay(intake.reference)


def _unwatched(_what: str, _share: float) -> None:
    """The page reads how far it is from the chunks."""
