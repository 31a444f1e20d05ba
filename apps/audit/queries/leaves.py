"""The sealed events in the order of the tree, each compared with the hash under which it was sealed."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import psycopg
from django.db import connections
from django.db.models import QuerySet

from apps.audit.domain import merkle
from apps.audit.domain.retirement import Month
from apps.audit.models import Change, Operation
from apps.audit.queries import cold, retirement, seals
from apps.audit.queries.cold import Cold
from apps.audit.queries.retirement import Retired
from apps.audit.queries.seals import Batch
from apps.core.domain.refusal import Refused
from apps.core.sql import load
from apps.core.texts import gettext as _

GROUP = 50_000  # leaves looked at together
Read = tuple[int, bool, str | None]  # number, whether it is chosen, its leaf where it is wanted


@dataclass(frozen=True)
class Period:
    """From a moment until just before another."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True)
class Selection:
    """What a filter chooses: operations with all that they changed, and changes by themselves."""

    operations: QuerySet[Operation]
    changes: QuerySet[Change] | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A sealed event: its place in the tree, its hash, whether it is chosen, and its text where that is wanted."""

    index: int
    hash: bytes
    is_chosen: bool
    text: str | None


@dataclass(frozen=True)
class Reader:
    """Reads the sealed events of a period; inside a transaction."""

    period: Period
    selection: Selection | None
    using: str
    cold: Cold | None = None  # the files of what left the database

    def batches(self, size: int) -> tuple[int, int] | None:
        """The first and last batch, among the first so many leaves, that hold an event of the period."""
        values = {"start": self.period.start, "end": self.period.end, "size": size}
        ((first, last),) = seals.rows(self.using, load("audit", "batches_of_period"), values)
        return (first, last) if first is not None else None

    def bounds(self, first: int, last: int) -> tuple[int, int]:
        """The first leaf of the period in these batches, and the one after the last; with a filter, of the batches."""
        (low, _), (_, high) = self._span(first), self._span(last)
        return low, high

    def _span(self, number: int) -> tuple[int, int]:
        """The first leaf of a batch that is chosen, and the one after the last; of a filter the whole batch."""
        (batch,) = seals.batches(self.using, first=number, last=number)
        if self.selection is not None:
            return batch.first_leaf, batch.size
        low, high = batch.size, 0
        for leaf in self.leaves(number, number, wanted=False):
            if leaf.is_chosen:
                low, high = min(low, leaf.index), leaf.index + 1
        return (low, high) if high else (batch.first_leaf, batch.size)

    def leaves(self, first: int, last: int, *, wanted: bool) -> Iterator[Leaf]:
        """Every leaf of these batches; with `wanted` also the text of those that are not chosen.

        Refused where the book no longer holds what was sealed.
        """
        floors, listed, gone = sorted(seals.floors(self.using)), seals.listed(self.using), retirement.gone(self.using)
        for group in groups(seals.batches(self.using, first=first, last=last)):
            hashes = seals.hashes(group[0].first_leaf, group[-1].size, self.using)
            for batch, events in self._events(group, floors, listed, wanted=wanted):
                found = iter(events)
                for place, hashed in zip(range(batch.first_leaf, batch.size), hashes, strict=False):
                    if place in gone.places:
                        yield self._from_cold(gone.at(place), place, hashed, wanted=wanted)
                        continue
                    event = next(found, None)
                    if event is None:
                        raise _missing(batch.number)
                    seq, is_chosen, text = event
                    if text is not None and merkle.leaf_hash(text.encode()) != hashed:
                        raise _altered(seq, batch.number)
                    yield Leaf(place, hashed, is_chosen, text)
                for seq, _chosen, _text in found:
                    raise _altered(seq, batch.number)

    def _from_cold(self, month: Retired, place: int, hashed: bytes, *, wanted: bool) -> Leaf:
        """A leaf that left the database, read where it is wanted or may be chosen."""
        may_be_chosen = self.selection is None and month.overlaps(self.period.start, self.period.end)
        if not wanted and not may_be_chosen:
            return Leaf(place, hashed, False, None)
        if self.cold is None:
            raise retired(month.month, month.file)
        text = self.cold.leaf(month, place)
        if merkle.leaf_hash(text.encode()) != hashed:
            raise _altered_in_file(place, month.file)
        return Leaf(place, hashed, self.period.start <= cold.recorded_at(text) < self.period.end, text)

    def _events(
        self, group: list[Batch], floors: list[int], listed: set[int], *, wanted: bool
    ) -> Iterator[tuple[Batch, Iterable[Read]]]:
        """The events of each batch; of a batch that stands alone they are read as they are taken, however many."""
        alone = group[0]
        if alone.members is not None:
            yield alone, ((seq, chosen, leaf) for seq, _xid, chosen, leaf in self._read(group, wanted=wanted))
            return
        ceiling = next((floor for floor in floors if floor > alone.above_seq), None)
        read = (
            row
            for row in self._read(group, wanted=wanted)
            if row[0] not in listed and (ceiling is None or row[0] <= ceiling)
        )
        if len(group) == 1:
            yield alone, ((seq, chosen, leaf) for seq, _xid, chosen, leaf in read)
            return
        lows, found = [batch.low for batch in group], defaultdict[int, list[Read]](list)
        for seq, xid, chosen, leaf in read:
            found[bisect_right(lows, xid) - 1].append((seq, chosen, leaf))
        yield from ((batch, found[number]) for number, batch in enumerate(group))

    def _read(self, group: list[Batch], *, wanted: bool) -> Iterator[tuple[int, int, bool, str | None]]:
        first, last = group[0], group[-1]
        values = {
            "start": self.period.start, "end": self.period.end, "all": wanted, "members": first.members,
            "low": first.low, "high": last.high, "above": first.above_seq,
        }  # fmt: skip
        texts = self._choice(first, last)
        for name, alias in (("of_operation", "o"), ("of_change", "c")):
            xid = f"{alias}.xid::text::bigint"
            of_transactions = f"{xid} >= %(low)s AND {xid} < %(high)s AND {alias}.seq > %(above)s"
            texts[name] = of_transactions if first.members is None else f"{alias}.seq = any(%(members)s)"
        texts["place"] = "seq" if first.members is None else "array_position(%(members)s, seq)"
        yield from seals.stream(self.using, load("audit", "chosen_events").format(**texts), values)

    def _choice(self, first: Batch, last: Batch) -> dict[str, str]:
        """The conditions under which operations and changes are chosen, as SQL."""
        if self.selection is None:
            return {"operations": "TRUE", "changes": "TRUE"}
        operations = self.selection.operations
        if first.members is None:
            xid = '"audit"."operation"."xid"::text::bigint'
            operations = operations.extra(where=[f"{xid} >= %s AND {xid} < %s"], params=[first.low, last.high])  # noqa: S610 - numbers of ours
        chosen = self._text(operations.filter(recorded_at__gte=self.period.start))
        changes = f"c.op_seq IN ({chosen})"
        if self.selection.changes is not None:
            changes = f"({changes} OR c.seq IN ({self._text(self.selection.changes)}))"
        return {"operations": f"o.seq IN ({chosen})", "changes": changes}

    def _text(self, rows: QuerySet[Operation] | QuerySet[Change]) -> str:
        """The statement that finds the numbers of the rows, its parameters written into it."""
        connection = connections[self.using]
        connection.ensure_connection()
        statement, parameters = rows.order_by().values_list("seq").query.sql_with_params()
        return psycopg.ClientCursor(connection.connection).mogrify(statement, parameters).replace("%", "%%")


def groups(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    """Neighbours whose events are found by one range of transactions."""
    group: list[Batch] = []
    for batch in batches:
        apart = group and (batch.members or group[-1].members or batch.above_seq != group[-1].above_seq)
        if group and (apart or batch.size - group[0].first_leaf > GROUP):
            yield group
            group = []
        group.append(batch)
    if group:
        yield group


def unsealed(period: Period, size: int, using: str) -> dt.datetime | None:
    """When the first event of the period was recorded that is not among the first so many leaves."""
    values = {"start": period.start, "end": period.end, "size": size}
    ((moment,),) = seals.rows(using, load("audit", "unsealed"), values)
    return moment  # type: ignore[no-any-return]


def retired(month: Month, file: str) -> Refused:
    """That a month left the database, and where it is now."""
    words = {"month": month.name, "file": file}
    return Refused(_("The events of %(month)s left the database: they are in %(file)s.") % words, code="retired")


def _altered_in_file(place: int, file: str) -> Refused:
    sentence = _("Leaf %(leaf)s in %(file)s is not the event that was sealed there.")
    return Refused(sentence % {"leaf": place, "file": file}, code="altered")


def _altered(seq: int, batch: int) -> Refused:
    words = {"seq": seq, "batch": batch}
    sentence = _("Event %(seq)s is not as it was sealed in batch %(batch)s; the verification names what was altered.")
    return Refused(sentence % words, code="altered")


def _missing(batch: int) -> Refused:
    sentence = _("Sealed events of batch %(batch)s are gone; the verification names what was altered.")
    return Refused(sentence % {"batch": batch}, code="altered")
