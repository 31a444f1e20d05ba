"""Erasing the personal values that lie beside the trail: the leaves and their proofs stay as they are."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection

from apps.audit.actions.operations import operation
from apps.core.domain.actor import Actor


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
