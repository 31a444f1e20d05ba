"""Operations of the trail with the people and the things behind their identifiers."""

from collections.abc import Sequence
from typing import Any

from apps.access.queries import actors
from apps.audit.queries import objects, trail


def rows(operations: Sequence[Any]) -> list[dict[str, Any]]:
    """Operations with who acted by name, and what it was on in words and by its reference."""
    names = actors.names(operation.actor for operation in operations)
    about = objects.references((operation.object_type, operation.object_id) for operation in operations)
    return [
        {
            "operation": operation,
            "who": names.get(operation.actor, operation.actor),
            "label": objects.label(operation.object_type) if operation.object_type else "",
            "reference": about.get((operation.object_type, operation.object_id), operation.object_id),
        }
        for operation in operations
    ]


def lines(entries: Sequence[trail.Entry]) -> list[tuple[trail.Entry, str]]:
    """The entries of a timeline, each with who acted by name."""
    names = actors.names(entry.operation.actor for entry in entries if entry.operation)
    return [
        (entry, names.get(entry.operation.actor, entry.operation.actor) if entry.operation else "") for entry in entries
    ]
