"""What the book needs from time to time."""

import logging

from celery import shared_task
from django.utils import timezone

from apps.audit.actions import installation, sealing
from apps.audit.queries import trail
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
