"""How the book stands: sealed, signed and published until when; found without counting the book through."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from apps.audit.domain import note
from apps.audit.models import Verification
from apps.audit.queries import anchoring, anchors, installation, retirement, seals, trail
from apps.audit.queries.anchoring import Receiver
from apps.core.sql import load

LATE = 30.0  # seconds: an event that waits longer for its seal is an alarm


@dataclass(frozen=True)
class Standing:
    """The control that says whether the book is whole."""

    sealed: int  # events in the tree
    sealed_at: dt.datetime | None  # when the last batch was
    lag_seconds: float  # the age of the oldest event that is not sealed, 0 where there is none
    unattributed: int  # changes that no operation accounts for
    signed: int  # events under the last checkpoint
    signed_at: dt.datetime | None
    anchored: int | None  # events under the last checkpoint outside the database; None where there is none
    anchored_at: dt.datetime | None
    anchor: Path
    missing_triggers: int
    retired: int  # sealed events that are in cold files alone
    outside: list[Receiver]  # mailboxes and web addresses that are given checkpoints
    cosigners: list[Receiver]
    verified: Verification | None  # the last that came to a result, or broke off

    @property
    def is_late(self) -> bool:
        """Whether the sealer is behind."""
        return self.lag_seconds > LATE

    @property
    def is_well(self) -> bool:
        """Whether nothing here is an alarm."""
        failed = self.verified is not None and self.verified.state != "whole"
        return not (self.is_late or self.unattributed or self.missing_triggers or failed)


def now(at: dt.datetime) -> Standing:
    """How the book stands at a moment."""
    last, signed = seals.last("default"), seals.checkpoint("default")
    published = anchors.latest(seals.origin("default"))
    return Standing(
        sealed=last.size if last else 0,
        sealed_at=seals.sealed_at("default"),
        lag_seconds=_lag(at, (last.high, last.above_seq) if last else (0, 0)),
        unattributed=trail.unattributed_count(),
        signed=signed[0] if signed else 0,
        signed_at=signed[2] if signed else None,
        anchored=note.checkpoint(note.split(published)[0]).size if published else None,
        anchored_at=anchors.published_at() if published else None,
        anchor=anchors.path(),
        missing_triggers=_missing_triggers(),
        retired=retirement.events(),
        outside=anchoring.receivers(),
        cosigners=anchoring.cosigned(),
        verified=Verification.objects.filter(finished_at__isnull=False).order_by("-asked_at").first(),
    )


def _lag(at: dt.datetime, end: tuple[int, int]) -> float:
    with connection.cursor() as cursor:
        cursor.execute(load("audit", "oldest_unsealed"), {"high": end[0], "above": end[1]})
        (oldest,) = cursor.fetchone()
    return max((at - oldest).total_seconds(), 0.0) if oldest else 0.0


def _missing_triggers() -> int:
    present, book = installation.existing_tables(connection), installation.book_tables(connection)
    return len(installation.wanted_triggers(present, book) - installation.installed_triggers(connection))
