"""Sealing: committed events enter a Merkle tree in the order of their transactions, and the tree is signed.

A batch takes the transactions from where the last one ended until before the first that may not have ended yet: none is
left out, however late it commits, and no writer waits. The sealer enters no operation of its own: it would never end.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections, transaction

from apps.audit.actions import anchors, keys
from apps.audit.domain import merkle, note
from apps.audit.domain.note import Checkpoint
from apps.audit.queries import keys as kept
from apps.audit.queries import seals, witnesses
from apps.audit.queries.seals import WIDTH, Batch, Span
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

LOCK = 7_220_451
ELSEWHERE = "sealed_elsewhere"
TRANSACTIONS = 2_000  # of a batch at most: a restart after a long pause goes on in steps


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a run did: the events that it sealed, and the size of the tree."""

    events: int
    size: int


def seal(*, by: Actor, at: dt.datetime, seconds: float = 5.0, using: str = "default") -> Sealed:
    """Seal what is committed, for so many seconds at most, and sign the tree.

    Refused where another sealer is at work, the key is lost, or the tree is not the one that was signed.
    """
    with alone(by=by, at=at, using=using):
        end = seals.last(using)
        _check(end, by, at, using)
        before = end.size if end else 0
        end = advance(end=end, seconds=seconds, by=by, at=at, using=using)
        if end is not None:
            sign(end=end, by=by, at=at, using=using)
        return Sealed((end.size if end else 0) - before, end.size if end else 0)


@contextmanager
def alone(*, by: Actor, at: dt.datetime, using: str = "default") -> Iterator[None]:
    """Be the only one who seals; refused where somebody else is."""
    elsewhere = Refused(_("The trail is being sealed by somebody else."), code=ELSEWHERE)
    with sql.alone(LOCK, 0, patience="1ms", refusal=elsewhere, using=using):
        yield


def advance(*, end: Batch | None, seconds: float, by: Actor, at: dt.datetime, using: str) -> Batch | None:
    """Seal what is committed, batch after batch, for so many seconds; returns the batch that ends the tree."""
    until = monotonic() + seconds
    while (batch := _next_batch(end, by, at, using)) is not None:
        end = batch
        if monotonic() >= until:
            break
    return end


def _check(end: Batch | None, by: Actor, at: dt.datetime, using: str) -> None:
    """Refuse to go on with a tree that is not the one that was signed, here or at an anchor."""
    if end is None and len(seals.books(using)) == 1:
        keys.make(by=by, at=at)  # the first time
    for _known, wrong in witnesses.heard(end, using):
        if wrong:
            raise Refused(_("Nothing is sealed: %(what)s.") % {"what": wrong}, code="tree_inconsistent")


def _next_batch(end: Batch | None, by: Actor, at: dt.datetime, using: str) -> Batch | None:
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read")
        cluster = seals.cluster(using)
        low, above = (end.high, end.above_seq) if end else (0, 0)
        first, open_, next_ = seals.next_transaction(low, above, using)
        if end is not None and (end.cluster != cluster or end.high > next_):
            words = {"old": end.cluster, "new": cluster}
            raise Refused(
                _(
                    "Nothing is sealed: the trail was begun in database cluster %(old)s and is now in %(new)s, or its "
                    "transactions are counted from below. After a restore run: manage.py audit_continue."
                )
                % words,
                code="restored",
            )
        if first is None or first >= open_:
            return None
        high = min(open_, first + TRANSACTIONS)
        return enter(end=end, span=Span(cluster, above, low, high), by=by, at=at, using=using)


def enter(*, end: Batch | None, span: Span, by: Actor, at: dt.datetime, using: str) -> Batch:
    """Enter the next batch after the one that ends the tree; inside a transaction."""
    edge, hashes = end.tree if end else merkle.Edge(), []
    for _seq, _xid, leaf in seals.events_of(span, using):
        hashes.append(merkle.leaf_hash(leaf.encode()))
        edge.append(hashes[-1])
    number, first = (end.number + 1, end.size) if end else (1, 0)
    batch = Batch(
        number, span.cluster, span.above_seq, span.low, span.high, span.members, first, len(hashes),
        b"".join(edge.parts), edge.root(),
    )  # fmt: skip
    nodes = _nodes(first, hashes, using)
    values = (
        batch.number, batch.cluster, batch.above_seq, batch.low, batch.high, batch.members, batch.first_leaf,
        batch.leaves, b"".join(hashes), batch.edge, batch.root, at,
        [level for level, _, _ in nodes], [index for _, index, _ in nodes], [root for _, _, root in nodes],
    )  # fmt: skip
    with connections[using].cursor() as cursor:
        cursor.execute(sql.load("audit", "seal"), values)
    return batch


def _nodes(first: int, children: list[bytes], using: str) -> list[tuple[int, int, bytes]]:
    """The nodes that are complete with these leaves, the first of which has this index: level, index, root."""
    found: list[tuple[int, int, bytes]] = []
    level, known = 1, seals.leaf_hashes(first // WIDTH * WIDTH, first, using)
    while children:
        beside = [*known, *children]
        index = (first - len(known)) // WIDTH
        whole = range(0, len(beside) - WIDTH + 1, WIDTH)
        children = [merkle.root_of(beside[start : start + WIDTH]) for start in whole]
        found += [(level, index + number, root) for number, root in enumerate(children)]
        first, known = index, seals.roots(level, index // WIDTH * WIDTH, index, using)
        level += 1
    return found


def sign(
    *, end: Batch, successor: Ed25519PrivateKey | None = None, by: Actor, at: dt.datetime, using: str = "default"
) -> str:
    """Sign the tree that ends with this batch and publish the checkpoint; a second key may sign it too."""
    signed = seals.checkpoint(using)
    if signed is not None and signed[0] == end.size:
        text = signed[1]
    else:
        text = note.sign(Checkpoint(seals.origin(using), end.size, end.root).text, kept.name(), kept.private())
        if successor is not None:
            text = note.countersign(text, kept.name(), successor)
        with connections[using].cursor() as cursor:
            cursor.execute("select audit.publish(%s, %s, %s)", [end.size, text, at])
    anchors.publish(text, by=by, at=at)
    return text
