"""Which months of the book left the database for cold files, and whether the book itself says so."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from apps.audit.domain import retirement
from apps.audit.domain.fault import Fault
from apps.audit.domain.retirement import Month, Places
from apps.audit.queries import seals
from apps.core.sql import load

ACTION = "trail.retire"


@dataclass(frozen=True)
class Retired:
    """A month of a tree that left: how many events, where they stand in the tree, and the file that holds them."""

    month: Month
    op_seq: int
    events: int
    file: str
    sha256: str
    retired_at: dt.datetime
    places: Places
    referred: Sequence[int]
    book: int

    @property
    def fact(self) -> dict[str, object]:
        """What the operation that retired it notes of it."""
        return {
            "book": self.book, "events": self.events, "file": self.file, "sha256": self.sha256,
            "first_leaf": self.places.runs[0][0], "last_leaf": self.places.runs[-1][1] - 1,
            "scope": retirement.scope(self.places, self.referred),
        }  # fmt: skip

    def overlaps(self, start: dt.datetime | None, end: dt.datetime | None) -> bool:
        """Whether some of it was recorded between two moments; an end that is open is none."""
        return (end is None or self.month.start < end) and (start is None or self.month.end > start)


@dataclass(frozen=True)
class Gone:
    """Everything that left of the tree that is shown."""

    months: Sequence[Retired]

    @cached_property
    def places(self) -> Places:
        """Where in the tree it stood."""
        return retirement.joined(found.places for found in self.months)

    def at(self, leaf: int) -> Retired:
        """The month with which a leaf left."""
        return next(found for found in self.months if leaf in found.places)


def months(using: str) -> list[Month]:
    """The months that have partitions of their own, the oldest first."""
    return [Month(first) for (first,) in seals.rows(using, load("audit", "months"))]


def years() -> int:
    """For how many years the trail is kept at least."""
    return settings.RETENTION_YEARS["trail"]


def gone(using: str) -> Gone:
    """What left of the tree that is shown."""
    ((book,),) = seals.rows(using, "select number from audit.shown_book")
    found = []
    for month, op_seq, events, file, sha256, at, starts, ends, referred in seals.rows(using, load("audit", "retired")):
        places = Places(tuple(zip(starts, ends, strict=True)))
        found.append(Retired(Month(month), op_seq, events, file, sha256, at, places, referred, book))
    return Gone(found)


def reached(start: dt.datetime | None, end: dt.datetime | None, using: str = "default") -> list[tuple[Month, str]]:
    """The months, with their files, that left the book and were recorded between two moments, the oldest first."""
    statement = (
        "select month, file from audit.retired where (%(end)s::timestamptz is null or month < %(end)s)"
        " and (%(start)s::timestamptz is null or (month + interval '1 month') at time zone 'UTC' > %(start)s)"
        " order by month, book"
    )
    return [(Month(month), file) for month, file in seals.rows(using, statement, {"start": start, "end": end})]


def events(using: str = "default") -> int:
    """How many events are in cold files alone."""
    ((count,),) = seals.rows(using, "select coalesce(sum(events), 0)::bigint from audit.retired")
    return int(count)


def faults(using: str) -> Iterator[Fault]:
    """Months that are said to have left, though no operation of the book took them out as they are said to be."""
    for found in gone(using).months:
        noted = seals.rows(
            using,
            "select detail from audit.operation where seq = %(seq)s and action = %(action)s and decision = 'allow'",
            {"seq": found.op_seq, "action": ACTION},
        )
        facts = [fact for (detail,) in noted for fact in json.loads(detail).get("files", [])]
        if found.fact not in facts and not _is_retired_itself(found, using):
            sentence = f"The events of {found.month.name} are said to be retired, but operation {found.op_seq} did not."
            yield Fault("retirement_unnamed", sentence)


def _is_retired_itself(found: Retired, using: str) -> bool:
    """Whether the operation that took the month out has left with a later one."""
    there = seals.rows(using, "select 1 from audit.operation where seq = %(seq)s", {"seq": found.op_seq})
    left = seals.rows(
        using,
        "select 1 from audit.retired where month = date_trunc('month', %(at)s at time zone 'UTC')::date",
        {"at": found.retired_at},
    )
    return not there and bool(left)
