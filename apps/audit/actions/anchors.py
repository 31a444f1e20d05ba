"""Publishing checkpoints where whoever rules the database does not rule."""

import datetime as dt
import os

from apps.audit.queries import anchors
from apps.core.domain.actor import Actor


def publish(text: str, *, by: Actor, at: dt.datetime) -> None:
    """Append a signed checkpoint to the file of anchors, unless it is the last one there."""
    if anchors.latest(text.partition("\n")[0]) == text:
        return
    anchors.path().parent.mkdir(parents=True, exist_ok=True)
    with anchors.path().open("a", encoding="utf-8") as file:
        file.write(f"\f{text}")
        file.flush()
        os.fsync(file.fileno())
