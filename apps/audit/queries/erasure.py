"""What is kept of a person beside the trail, and what was erased."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Erasure:
    """When the values of a subject were erased, and on which request."""

    ticket: str
    erased_at: dt.datetime


def values(subjects: Iterable[str]) -> int:
    """How many personal values of these subjects are kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(audit.personal_values(subject)), 0)::bigint from unnest(%s::text[]) as subject",
            [list(subjects)],
        )
        return int(cursor.fetchone()[0])


def last(subject: str) -> Erasure | None:
    """The last erasure of a subject."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select ticket, erased_at from audit.erasure where subject = %s order by op_seq desc limit 1", [subject]
        )
        found = cursor.fetchone()
    return Erasure(*found) if found else None
