"""Exports: one operation before the first byte leaves, another when the last one has."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from apps.audit import registry
from apps.audit.actions.operations import record
from apps.audit.domain.envelope import Context, Decision
from apps.core.domain.actor import Actor


@dataclass
class OpenExport:
    """An export under way, and what has left so far."""

    seq: int
    what: str
    by: Actor
    at: dt.datetime
    context: Context
    rows: int = 0
    size: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def sent(self, data: bytes, rows: int) -> bytes:
        """Count what leaves; returns it."""
        self.rows += rows
        self.size += len(data)
        self.digest.update(data)
        return data


def begin(
    *,
    what: str,
    filters: dict[str, Any],
    columns: list[str],
    purpose: str = "",
    authority: str = "",
    by: Actor,
    at: dt.datetime,
) -> OpenExport:
    """Record that an export begins: which rows and columns of what, why and on whose authority."""
    seq = record(
        "export.create",
        by=by,
        at=at,
        on=(what, ""),
        reason=purpose,
        authority=authority,
        sentence=f"Export of {what} begun.",
        detail={"filters": filters, "columns": columns},
    )
    return OpenExport(seq, what, by, at, registry.current())


def done(
    *, export: OpenExport, decision: Decision = Decision.ALLOW, failure: str = "", by: Actor, at: dt.datetime
) -> int:
    """Record that the export is over: its rows, bytes and SHA-256; `decision` is `error` where it broke off."""
    detail = {
        "export": str(export.seq), "rows": export.rows, "bytes": export.size, "sha256": export.digest.hexdigest(),
    } | ({"failure": failure} if failure else {})  # fmt: skip
    how = "finished" if decision == Decision.ALLOW else "broken off"
    with registry.entered(export.context):
        return record(
            "export.done",
            by=by,
            at=at,
            on=(export.what, ""),
            decision=decision,
            sentence=f"Export of {export.what} {how}: {export.rows} rows.",
            detail=detail,
        )


def stream(*, export: OpenExport, chunks: Iterable[tuple[bytes, int]], by: Actor, at: dt.datetime) -> Iterator[bytes]:
    """Hand on an export's pieces (bytes, rows) and record its end, also where the reader goes away before it."""
    decision = Decision.ERROR
    try:
        for data, rows in chunks:
            yield export.sent(data, rows)
        decision = Decision.ALLOW
    finally:
        done(export=export, decision=decision, by=by, at=at)
