"""Revealing the personal values beside the trail, for an export in clear that was agreed to: counted, in pieces."""

import datetime as dt
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection

from apps.audit import registry
from apps.audit.actions.operations import operation
from apps.audit.queries import files
from apps.audit.queries.files import Format
from apps.core.domain.actor import Actor

PIECE = 20_000  # changes of one operation
COMMITTED = '{"c":['
Place = tuple[int, int, str, str]  # the line of a change, counted from 1, its number, and the row that changed


def write(*, folder: Path, kind: Format, ticket: str, purpose: str, by: Actor, at: dt.datetime) -> int:
    """Write the values of every committed column of the folder's events to `personal.jsonl`; returns how many.

    What was erased is not among them. Each piece is an operation that says how many values they are.
    """
    count, places = 0, _committed(folder, kind)
    with (folder / "personal.jsonl").open("w", encoding="utf-8") as file:
        while piece := list(islice(places, PIECE)):
            for line in _reveal(piece, ticket, purpose, by, at):
                file.write(json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")
                count += 1
    return count


def _committed(folder: Path, kind: Format) -> Iterator[Place]:
    """The changes that hold commitments."""
    for line, leaf in enumerate(files.leaves(folder, kind), 1):
        if COMMITTED in leaf:
            event = json.loads(leaf)
            if event["type"] == "change":
                yield line, int(event["seq"]), str(event["object_type"]), str(event["object_id"])


def _reveal(piece: list[Place], ticket: str, purpose: str, by: Actor, at: dt.datetime) -> list[dict[str, Any]]:
    lines = {seq: line for line, seq, *_ in piece}
    objects = {seq: (kind, key) for _, seq, kind, key in piece}
    with operation("trail.reveal", by=by, at=at, reason=purpose, authority=f"approval:{ticket}") as op:
        with connection.cursor() as cursor:
            cursor.execute("select change_seq, field, salt, old, new from audit.reveal(%s, %s)", [ticket, list(lines)])
            found = cursor.fetchall()
        changes = {seq for seq, *_ in found}
        op.sentence = f"Revealed {len(found)} personal values of {len(changes)} changes by {ticket}."
        op.detail = {
            "values": len(found), "changes": len(changes), "first": str(min(lines)), "last": str(max(lines)),
            "ticket": ticket,
        }  # fmt: skip
    revealed = [
        {"line": lines[seq], "seq": str(seq), "field": field, "salt": salt, "old": old, "new": new}
        | _opened(objects[seq], field, old=old, new=new)
        for seq, field, salt, old, new in found
    ]
    return sorted(revealed, key=lambda value: (value["line"], value["field"]))


def _opened(of: tuple[str, str], field: str, **values: str | None) -> dict[str, str]:
    """What of the values lies sealed, in the clear: the proofs are of the sealed ones."""
    clear = {f"{side}_clear": registry.opened(*of, field, value) for side, value in values.items()}
    return {side: value for side, value in clear.items() if value is not None}
