"""Draining the outbox, as the scheduler and the command call it."""

import time
from collections import Counter

from celery import shared_task
from django.utils import timezone

from apps.core.domain.actor import System
from apps.customers.domain.contact import Channel
from apps.outreach.actions import delivery
from apps.outreach.queries import messages

BATCH = 500
SECONDS = 45  # after which a run leaves the rest to the next one


@shared_task(name="outreach.deliver_outbox", soft_time_limit=90, time_limit=120)
def deliver_outbox(limit: int = BATCH) -> dict[str, int]:
    """Send what is due; one query when nothing is."""
    return drain(limit=limit, seconds=SECONDS)


def drain(*, limit: int, seconds: float) -> dict[str, int]:
    """Send due messages until none is left; a channel that does not answer is left alone. Counts by how each ended."""
    until = time.monotonic() + seconds
    ended: Counter[str] = Counter()
    silent: set[Channel] = set()
    while ended.total() < limit and time.monotonic() < until and messages.due(timezone.now()).exists():
        delivered = delivery.deliver_one(by=System("outbox"), at=timezone.now(), without=silent)
        if delivered is None:
            break
        ended["waiting" if delivered.status == "planned" else delivered.status.value] += 1
        if delivered.is_unavailable:
            silent.add(delivered.channel)
    return dict(ended)
