"""Draining the outbox, as the scheduler and the command call it."""

import time
from collections import Counter

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from apps.core.domain.actor import System
from apps.customers.domain.contact import Channel
from apps.outreach.actions import delivery
from apps.outreach.domain.delivery import Batch
from apps.outreach.queries import messages

SECONDS = 45  # after which a run leaves the rest to the next one


@shared_task(name="outreach.deliver_outbox", soft_time_limit=90, time_limit=120)
def deliver_outbox() -> dict[str, int]:
    """Send what is due; one query when nothing is."""
    return drain(seconds=SECONDS)


def drain(*, seconds: float, limit: int | None = None) -> dict[str, int]:
    """Send due messages, a batch of each channel in turn, until none is left. Counts by how each ended.

    A channel that does not answer is left alone, as is one whose messages are all in somebody else's hands.
    """
    until = time.monotonic() + seconds
    ended: Counter[str] = Counter()
    done: set[Channel] = set()
    while channels := [channel for channel in messages.due_channels(timezone.now()) if channel not in done]:
        for channel in channels:
            left = None if limit is None else limit - ended.total()
            if left == 0 or time.monotonic() > until:
                return dict(ended)
            batch = _batch(channel, left)
            ended.update(batch.ended)
            if batch.is_unavailable or not batch.messages:
                done.add(channel)
    return dict(ended)


def _batch(channel: Channel, left: int | None) -> Batch:
    size = settings.OUTBOX_BATCH if left is None else min(left, settings.OUTBOX_BATCH)
    return delivery.deliver(channel=channel, limit=size, by=System("outbox"), at=timezone.now())
