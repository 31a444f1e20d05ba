"""Checkpoints on their way to those outside who keep them: queued in a table, tried until they have arrived.

The queue enters nothing in the trail: every entry is another checkpoint to be sent, and it would never end.
"""

import datetime as dt
from collections.abc import Callable

from apps.audit.actions.operations import operation
from apps.audit.domain import anchoring, note
from apps.audit.domain.note import Checkpoint
from apps.audit.models import AnchorDelivery
from apps.audit.queries import anchoring as queries
from apps.audit.queries import seals
from apps.core.domain.actor import Actor

Send = Callable[[str, str, Checkpoint], None]


def queue(*, by: Actor, at: dt.datetime, using: str = "default") -> int:
    """Queue the last checkpoint for everybody whose time has come and who has not had it; returns how many."""
    signed = seals.checkpoint(using)
    if signed is None:
        return 0
    checkpoint = note.checkpoint(note.split(signed[1])[0])
    with operation("trail.anchor", by=by, at=at, using=using) as op:
        op.nothing_happened = True
        queued = 0
        for target in queries.targets():
            last = queries.last_queued(target.address)
            is_known = last is not None and (last.origin, last.size) == (checkpoint.origin, checkpoint.size)
            if not is_known and anchoring.is_due(target, last.queued_at if last else None, at):
                AnchorDelivery.objects.create(
                    target=target.address, origin=checkpoint.origin, size=checkpoint.size, note=signed[1],
                    queued_at=at, next_at=at,
                )  # fmt: skip
                queued += 1
    return queued


def deliver(*, send: Send, undelivered: type[Exception], by: Actor, at: dt.datetime) -> tuple[int, int]:
    """Hand over what waits; how many arrived and how many did not. What did not is tried again, later each time."""
    arrived = failed = 0
    for key in queries.waiting(at):
        with operation("trail.anchor", by=by, at=at) as op:
            op.nothing_happened = True
            found = AnchorDelivery.objects.select_for_update(skip_locked=True).filter(pk=key, delivered_at=None).first()
            if found is None:
                continue
            found.attempts += 1
            try:
                send(found.target, found.note, Checkpoint(found.origin, found.size, b""))
            except undelivered as error:
                found.error, found.next_at = str(error)[:500], at + anchoring.wait(found.attempts)
                failed += 1
            else:
                found.delivered_at, found.error = at, ""
                arrived += 1
            found.save(update_fields=["attempts", "error", "next_at", "delivered_at"])
    return arrived, failed
