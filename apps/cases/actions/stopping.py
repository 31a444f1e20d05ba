"""Collection stops while an arrangement is kept, and goes on where it was once it is breached."""

import datetime as dt

from apps.cases.models import Arrangement
from apps.core.domain.actor import Actor


def stop(*, arrangement: Arrangement, by: Actor, at: dt.datetime) -> None:
    """Stop collection; part of the caller's transaction and of its audit operation."""


def resume(*, arrangement: Arrangement, by: Actor, at: dt.datetime) -> None:
    """Let collection go on; part of the caller's transaction and of its audit operation."""
