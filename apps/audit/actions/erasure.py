"""Erasing the personal values that lie beside the trail: the leaves and their proofs stay as they are."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection

from apps.audit.actions.operations import operation
from apps.audit.domain import emptying
from apps.audit.queries import catalogue
from apps.core.domain.actor import Actor
from apps.core.models import Record


def empty(*, model: type[Record], subjects: Iterable[int], by: Actor, at: dt.datetime) -> int:
    """Empty the personal columns of an append-only table's rows that tell about these subjects; returns how many rows.

    Part of the erasure that takes their values from beside the trail, in which this change leaves commitments too.
    """
    with operation("trail.empty", by=by, at=at, on=(model._meta.label_lower, "")) as op:
        function = emptying.name(catalogue.table_of(model))
        with connection.cursor() as cursor:
            cursor.execute(f'select audit."{function}"(%s)', [sorted(subjects)])
            (rows,) = cursor.fetchone()
        op.sentence = f"Emptied the personal columns of {rows} rows of {model._meta.label}."
        op.detail, op.nothing_happened = {"rows": rows}, not rows
    return int(rows)


def erase(*, subjects: Iterable[str], ticket: str, by: Actor, at: dt.datetime) -> int:
    """Delete the personal values of each subject (`app.model:key`); returns how many values are gone.

    It cannot be undone and is part of a controlled action, which the ticket names.
    """
    gone = 0
    with operation("trail.erase", by=by, at=at, authority=f"approval:{ticket}") as op:
        named = sorted(set(subjects))
        with connection.cursor() as cursor:
            for subject in named:
                cursor.execute("select audit.erase(%s, %s, %s)", [subject, ticket, at])
                gone += cursor.fetchone()[0]
        op.sentence = f"Erased {gone} personal values of {len(named)} subjects beside the trail."
        op.detail = {"subjects": named, "values": gone, "ticket": ticket}
    return gone
