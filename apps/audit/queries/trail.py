"""Reading the book: operations, what they changed, and the history of one object."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from apps.audit.domain import canonical
from apps.audit.models import Change, Operation
from apps.audit.queries import reading, retirement
from apps.audit.queries.reading import ChangedRow
from apps.core import texts
from apps.core.sql import load

LONGEST_TIMELINE = 200


@dataclass(frozen=True)
class Entry:
    """One line of an object's history: an operation and what it changed of the object, or a change without one."""

    seq: int
    operation: Operation | None
    changes: Sequence[ChangedRow]


def operations() -> QuerySet[Operation]:
    """Every operation, newest first."""
    return Operation.objects.order_by("-seq")


def changes() -> QuerySet[Change]:
    """Every change, newest first."""
    return Change.objects.order_by("-seq")


def parts_of(operation: Operation) -> QuerySet[Operation]:
    """The operations that were parts of this one, in order."""
    return Operation.objects.filter(parent_seq=operation.seq).order_by("seq")


def changes_of(operation: Operation) -> QuerySet[Change]:
    """The rows that an operation changed, in order."""
    return Change.objects.filter(op_seq=operation.seq).order_by("seq")


def detail_of(operation: Operation) -> dict[str, Any]:
    """What the operation noted about itself."""
    detail: dict[str, Any] = json.loads(operation.detail)
    return detail


def sentence(operation: Operation) -> str:
    """What the operation says of itself, in the reader's language where it was said through `core.texts`."""
    said = detail_of(operation).get("said") if '"said"' in operation.detail else None
    return str(texts.say(said or {"msgid": operation.sentence})) if operation.sentence else ""


def timeline(object_type: str, object_id: str, *, before: int | None = None) -> list[Entry]:
    """What happened to one object, newest first: operations on it and operations that changed it.

    At most 200 entries, older than the number `before` where given.
    """
    about = Q(object_type=object_type, object_id=object_id)
    older = Q(seq__lt=before) if before is not None else Q()
    changes = list(Change.objects.filter(about & older).order_by("-seq")[:LONGEST_TIMELINE])
    reached = changes[-1].seq if len(changes) == LONGEST_TIMELINE else 0
    direct = Operation.objects.filter(about & older, seq__gte=reached).order_by("-seq")[:LONGEST_TIMELINE]
    changing = Operation.objects.filter(seq__in={change.op_seq for change in changes if change.op_seq})
    entries = _entries({operation.seq: operation for operation in (*direct, *changing)}, changes)
    return sorted(entries, key=lambda entry: -entry.seq)[:LONGEST_TIMELINE]


def of_request(request_id: str, *, after: int = 0) -> list[Entry]:
    """What one request or job did, in order, with the first rows that each operation changed.

    At most 200 operations, those after the number `after`; an operation of a job that was tried again says which try.
    """
    found = Operation.objects.filter(request_id=request_id, seq__gt=after).order_by("seq")[:LONGEST_TIMELINE]
    operations = {operation.seq: operation for operation in found}
    changes = Change.objects.filter(op_seq__in=operations).order_by("seq")[:LONGEST_TIMELINE]
    return sorted(_entries(operations, list(changes)), key=lambda entry: entry.seq)


def _entries(operations: dict[int, Operation], changes: Sequence[Change]) -> list[Entry]:
    """Operations with their changes, and the changes that are of none of them."""
    rows = reading.read(sorted(changes, key=lambda change: change.seq))
    beside = [row for row in rows if row.change.op_seq not in operations]
    entries = [Entry(row.change.seq, None, [row]) for row in beside]
    for seq, operation in operations.items():
        entries.append(Entry(seq, operation, [row for row in rows if row.change.op_seq == seq]))
    return entries


def actions() -> list[str]:
    """Every action that the book holds; found by leaping from one to the next."""
    with connection.cursor() as cursor:
        cursor.execute(load("audit", "actions"))
        return [name for (name,) in cursor.fetchall()]


def unattributed(*, before: int | None = None) -> list[Entry]:
    """The changes that no operation accounts for, newest first; at most 200, older than the number where given."""
    found = Change.objects.filter(op_seq__isnull=True).order_by("-seq")
    if before is not None:
        found = found.filter(seq__lt=before)
    return _entries({}, list(found[:LONGEST_TIMELINE]))[::-1]


def unattributed_count() -> int:
    """Changes that were written outside every operation; the target is none."""
    return Change.objects.filter(op_seq__isnull=True).count()


def status(at: dt.datetime) -> dict[str, Any]:
    """How many events the book holds, how far they are sealed, and how old (seconds) the oldest is that is not."""
    with connection.cursor() as cursor:
        cursor.execute(load("audit", "status"))
        events, unattributed, sealed, oldest, signed_at = cursor.fetchone()
    return {
        "events": events,
        "sealed": sealed,
        "retired": retirement.events(),
        "lag_seconds": oldest and round(max((at - oldest).total_seconds(), 0.0), 3),
        "unattributed": unattributed,
        "last_checkpoint": signed_at and canonical.moment(signed_at),
    }
