"""What the book needs from time to time."""

import contextlib
import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.audit import providers
from apps.audit.actions import anchoring, installation, sealing
from apps.audit.actions import verifications as verifying
from apps.audit.queries import trail, verifications
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused

logger = logging.getLogger(__name__)


@shared_task(name="audit.seal")
def seal() -> int:
    """Seal what was committed since; another sealer at work is no fault, everything else is cried out by the log."""
    try:
        return sealing.seal(by=System("sealer"), at=timezone.now()).events
    except Refused as refusal:
        if refusal.code != sealing.ELSEWHERE:
            logger.error("The trail is not sealed: %s", refusal.sentence)
        return 0


@shared_task(name="audit.verify")
def verify(verification: int | None = None) -> str:
    """Verify the book, for whoever asked or by the clock; a fault is cried out by the log."""
    by, now = System("verifier"), timezone.now()
    try:
        asked = verifications.by_number(verification) if verification else verifying.ask(by=by, at=now)
        found = verifying.run(asked=asked, by=by, at=now)
    except Refused as refusal:
        if refusal.code in (verifying.ASKED, verifying.BEGUN):
            return refusal.code
        raise
    if found.state != "whole":
        logger.error("The verification of the book found %s faults.", len(found.faults or ()))
    return found.state


def wake(asked: int) -> None:
    """Let a worker verify the book now; where the broker is silent, the scheduler finds what waits."""
    with contextlib.suppress(OperationalError):
        verify.delay(asked)


@shared_task(name="audit.verify_what_waits")
def verify_what_waits() -> int:
    """Begin with a verification that nobody took because the broker was silent."""
    asked = verifications.waiting(timezone.now())
    if asked is not None:
        verify(asked.pk)
    return int(asked is not None)


@shared_task(name="audit.anchor")
def anchor() -> int:
    """Give the last checkpoint to those outside; the log cries out where it does not arrive, and it is tried again."""
    by, now = System("anchors"), timezone.now()
    anchoring.queue(by=by, at=now)
    arrived, failed = anchoring.deliver(send=providers.send, undelivered=providers.Undelivered, by=by, at=now)
    if failed:
        logger.error("%s checkpoints did not arrive outside; they are tried again.", failed)
    return arrived


@shared_task(name="audit.watch")
def watch() -> int:
    """Watch the control whose target is 0: how many changes no operation accounts for; the log cries out above it."""
    unattributed = trail.unattributed_count()
    if unattributed:
        logger.error("%s changes in the book belong to no operation.", unattributed)
    return unattributed


@shared_task(name="audit.prepare_partitions")
def prepare_partitions() -> int:
    """Make the partitions of the months to come; once a day is plenty."""
    return installation.prepare_partitions(by=System("audit"), at=timezone.now())
