"""Collection stops while an arrangement is kept, and goes on where it was once it is over."""

import datetime as dt

from apps.cases.actions import holds
from apps.cases.domain.holds import HoldKind, HoldStatus
from apps.cases.models import Arrangement, Hold
from apps.core.domain.actor import Actor


def stop(*, arrangement: Arrangement, by: Actor, at: dt.datetime) -> None:
    """Hold the case for the arrangement; part of the caller's transaction and of its audit operation."""
    if not _holds(arrangement):
        holds.impose(
            customer=arrangement.customer,
            kind=HoldKind.ARRANGEMENT,
            reason=f"{arrangement.reference} is signed.",
            cause=arrangement.reference,
            by=by,
            at=at,
        )


def resume(*, arrangement: Arrangement, by: Actor, at: dt.datetime) -> None:
    """Lift the hold, so that collection goes on in the stage where it was; part of the caller's transaction."""
    for hold in _holds(arrangement):
        holds.release(hold=hold, reason=f"{arrangement.reference} is {arrangement.status}.", by=by, at=at)


def _holds(arrangement: Arrangement) -> list[Hold]:
    return list(Hold.objects.filter(cause=arrangement.reference, status=HoldStatus.IN_FORCE))
