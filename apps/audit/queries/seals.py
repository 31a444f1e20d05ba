"""The seals of the book as they are stored: batches, nodes of the tree and checkpoints."""

import datetime as dt
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections

from apps.audit.domain import merkle
from apps.audit.domain.note import Checkpoint
from apps.core.sql import load

WIDTH = 256  # children of a node
HASH = 32
PIECE = 5_000  # events
AT_ONCE = 50_000  # hashes
KNOWN = 100_000  # parts of a tree that are kept in mind at most
Event = tuple[int, int, str]  # its number, its transaction, its leaf
BATCH = "select number, cluster, above_seq, low, high, members, first_leaf, leaves, edge, root from audit.batch "

cursors = itertools.count()


@dataclass(frozen=True, slots=True)
class Span:
    """Events that enter the tree together: those of the transactions from `low` until before `high`, or `members`."""

    cluster: int
    above_seq: int
    low: int
    high: int
    members: list[int] | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """A tree of ours, counted from 1, and the last checkpoint of the one that it comes after."""

    number: int
    origin: str
    old: Checkpoint | None
    begun_at: dt.datetime | None = None  # of the first, nothing

    def is_named(self, detail: dict[str, Any]) -> bool:
        """Whether this detail of an operation names the tree that it comes after."""
        old, named = self.old, detail.get("old", {})
        return old is not None and old == Checkpoint(
            named.get("origin", ""), named.get("size", -1), bytes.fromhex(named.get("root", ""))
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that entered the tree together, as a span names them, and the tree that they end."""

    number: int
    cluster: int
    above_seq: int
    low: int
    high: int
    members: list[int] | None
    first_leaf: int
    leaves: int
    edge: bytes
    root: bytes

    @property
    def size(self) -> int:
        """The leaves of the tree that it ends."""
        return self.first_leaf + self.leaves

    @property
    def tree(self) -> merkle.Edge:
        """The tree that it ends, to go on from."""
        return merkle.Edge(self.size, [self.edge[n : n + HASH] for n in range(0, len(self.edge), HASH)])


def rows(using: str, statement: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Everything that a statement finds."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def cluster(using: str) -> int:
    """The number that tells this database cluster from every other."""
    ((number,),) = rows(using, "select system_identifier from pg_control_system()")
    return int(number)


def origin(using: str) -> str:
    """Whose tree it is: ours, and which book of ours."""
    ((book,),) = rows(using, "select id from audit.shown_book")
    return _origin(book)


def origins(using: str) -> list[str]:
    """Every tree of ours, the one that grows last."""
    return [_origin(book) for (book,) in rows(using, "select id from audit.book order by number")]


def books(using: str) -> list[Book]:
    """The same with what each comes after."""
    found = rows(using, "select number, id, old_origin, old_size, old_root, begun_at from audit.book order by number")
    return [
        Book(number, _origin(book), Checkpoint(old, size, bytes(root)) if number > 1 else None, begun_at)
        for number, book, old, size, root, begun_at in found
    ]


def first_detail(using: str) -> dict[str, Any]:
    """What the operation that is the tree's first leaf notes about itself; nothing where that is no such operation."""
    statement = (
        "select detail from audit.operation where action = 'trail.restored'"
        " and seq = (select members[1] from audit.batch order by number limit 1)"
    )
    return next((json.loads(detail) for (detail,) in rows(using, statement)), {})


def _origin(book: object) -> str:
    return f"{settings.AUDIT_ORIGIN}/{book}"


@contextmanager
def shown(number: int, using: str) -> Iterator[None]:
    """Look at the seals of one of our trees, counted from 1, until the end; inside a transaction."""
    rows(using, "select set_config('audit.book', %(number)s::text, true)", {"number": number})
    yield
    rows(using, "select set_config('audit.book', '', true)")


def last(using: str) -> Batch | None:
    """The batch that ends the tree."""
    return next((Batch(*row) for row in rows(using, BATCH + "order by number desc limit 1")), None)


def batches(using: str, *, first: int = 1, last: int | None = None) -> Iterator[Batch]:
    """Every batch in its order, or those from one number through another."""
    condition = "where number >= %(first)s and (%(last)s::bigint is null or number <= %(last)s) "
    found = stream(using, BATCH + condition + "order by number", {"first": first, "last": last})
    yield from (Batch(*row) for row in found)


def floors(using: str) -> list[int]:
    """The numbers above which each cluster's events lie, of every tree."""
    return [floor for (floor,) in rows(using, "select distinct above_seq from audit.sealed_batch")]


def listed(using: str) -> set[int]:
    """The numbers of the events that batches list one by one."""
    return {seq for (seq,) in rows(using, "select unnest(members) from audit.sealed_batch where members is not null")}


def sealed_at(using: str) -> dt.datetime | None:
    """When the last batch was sealed."""
    return next((at for (at,) in rows(using, "select sealed_at from audit.batch order by number desc limit 1")), None)


def checkpoint(using: str) -> tuple[int, str, dt.datetime] | None:
    """The last that was signed: its size, the note and the moment."""
    found = rows(using, "select size, note, signed_at from audit.checkpoint order by size desc limit 1")
    return (found[0][0], found[0][1], found[0][2]) if found else None


def checkpoint_until(size: int, using: str) -> str | None:
    """The last that was signed when the tree had this size or less."""
    statement = "select note from audit.checkpoint where size <= %(size)s order by size desc limit 1"
    return next((text for (text,) in rows(using, statement, {"size": size})), None)


def signed_before(moment: dt.datetime, using: str) -> tuple[int, str] | None:
    """The last checkpoint, by size, that was signed before a moment with all before it; its size and note."""
    statement = (
        "select size, note from audit.checkpoint where size < coalesce("
        "(select min(size) from audit.checkpoint where signed_at >= %(moment)s), 9223372036854775807)"
        " order by size desc limit 1"
    )
    return next(((size, text) for size, text in rows(using, statement, {"moment": moment})), None)


def batch_until(size: int, using: str) -> Batch | None:
    """The batch that ends the tree of this size."""
    statement = BATCH + "where first_leaf < %(size)s order by number desc limit 1"
    return next((Batch(*row) for row in rows(using, statement, {"size": size})), None)


def checkpoints(using: str) -> list[tuple[int, str]]:
    """Every signed checkpoint by its size."""
    return [(size, text) for size, text in rows(using, "select size, note from audit.checkpoint order by size")]


def next_transaction(low: int, above_seq: int, using: str) -> tuple[int | None, int, int]:
    """The first transaction from `low` on that wrote an event, the first that may go on, and the next to come."""
    ((first, open_, next_),) = rows(using, load("audit", "next_transaction"), {"low": low, "above": above_seq})
    return first, int(open_), int(next_)


def events(low: int, high: int, above_seq: int, using: str) -> Iterator[Event]:
    """Every event of these transactions, as a batch takes them; inside a transaction."""
    yield from stream(using, load("audit", "events_of_transactions"), {"low": low, "high": high, "above": above_seq})


def events_of(batch: Batch | Span, using: str) -> Iterator[Event]:
    """The events of a batch as the book holds them now."""
    if batch.members is None:
        yield from events(batch.low, batch.high, batch.above_seq, using)
    else:
        yield from rows(using, load("audit", "events_by_number"), {"members": batch.members})


class Tree:
    """The sealed tree of a size, for proofs."""

    def __init__(self, size: int, using: str) -> None:
        """Read the tree of the first `size` leaves."""
        self.size, self.using = size, using
        self._parts: dict[tuple[int, int], bytes] = {}

    def part(self, level: int, index: int) -> bytes:
        """The root of the 2^level leaves that begin at index * 2^level."""
        if (level, index) not in self._parts:
            if len(self._parts) > KNOWN:
                self._parts.clear()
            self._find(level, index)
        return self._parts[level, index]

    def _find(self, level: int, index: int) -> None:
        """Know the part, and with it those that stand beside it under one node."""
        above, rest = divmod(level, 8)
        if rest:
            self._parts[level, index] = merkle.node_hash(
                self.part(level - 1, 2 * index), self.part(level - 1, 2 * index + 1)
            )
            return
        first = index // WIDTH * WIDTH
        end = min(first + WIDTH, self.size >> level)
        found = roots(above, first, end, self.using) if above else leaf_hashes(first, end, self.using)
        self._parts |= {(level, first + number): root for number, root in enumerate(found)}


def roots(level: int, first: int, end: int, using: str) -> list[bytes]:
    """The nodes of a level from the first until before the end."""
    found = rows(
        using,
        "select root from audit.node where level = %(level)s and index >= %(first)s and index < %(end)s order by index",
        {"level": level, "first": first, "end": end},
    )
    return [bytes(root) for (root,) in found]


def leaf_hashes(first: int, end: int, using: str) -> list[bytes]:
    """The hashes of the leaves from the first until before the end."""
    found = rows(using, load("audit", "leaf_hashes"), {"first": first, "end": end}) if first < end else []
    joined = b"".join(bytes(piece) for (piece,) in found)
    return [joined[at : at + HASH] for at in range(0, len(joined), HASH)]


def hashes(first: int, end: int, using: str) -> Iterator[bytes]:
    """The same one after the other, however many; read in pieces."""
    for start in range(first, end, AT_ONCE):
        yield from leaf_hashes(start, min(start + AT_ONCE, end), using)


def stream(using: str, statement: str, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What a statement finds, however much it is; inside a transaction."""
    connection = connections[using]
    connection.ensure_connection()
    with connection.connection.cursor(name=f"audit_seals_{next(cursors)}") as cursor:
        cursor.execute(statement, parameters)
        while found := cursor.fetchmany(PIECE):
            yield from found
