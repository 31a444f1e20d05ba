"""Sealing: committed events enter a Merkle tree in the order of their transactions, and the tree is signed.

A batch takes the transactions from where the last one ended until before the first that may not have ended yet: none is
left out, however late it commits, and no writer waits. The sealer enters no operation of its own: it would never end.
"""

import datetime as dt
from dataclasses import dataclass
from time import monotonic

from django.db import connections, transaction

from apps.audit.actions import anchors, keys
from apps.audit.domain import merkle, note, sealing
from apps.audit.domain.note import Checkpoint
from apps.audit.queries import anchors as published
from apps.audit.queries import keys as kept
from apps.audit.queries import seals
from apps.audit.queries.seals import WIDTH, Batch
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
    elsewhere = Refused(_("The trail is being sealed by somebody else."), code=ELSEWHERE)
    with sql.alone(LOCK, 0, patience="1ms", refusal=elsewhere, using=using):
        end, until, sealed = seals.last(using), monotonic() + seconds, 0
        _check(end, by, at, using)
        while True:
            batch = _next_batch(end, at, using)
            if batch is None:
                break
            end, sealed = batch, sealed + batch.leaves
            if monotonic() >= until:
                break
        if end is not None:
            _sign(end, by, at, using)
    return Sealed(sealed, end.size if end else 0)


def _check(end: Batch | None, by: Actor, at: dt.datetime, using: str) -> None:
    """Refuse to go on with a tree that is not the one that was signed, here or at an anchor."""
    origin = seals.origin(using)
    signed = seals.checkpoint(using)
    notes = {text for text in (signed and signed[1], published.latest(origin)) if text}
    if not notes:
        keys.make(by=by, at=at)  # the first time
    size, root = (end.size, end.root) if end else (0, merkle.EMPTY)
    for text in notes:
        try:
            known = note.checkpoint(note.opened(text, kept.verifiers()))
        except note.Unreadable as error:
            raise _inconsistent(str(error)) from error
        if (known.origin, known.size, known.root) != (origin, size, root):
            with transaction.atomic(using=using):
                wrong = sealing.objection(known, origin, size, root, seals.Tree(size, using).part)
            if wrong:
                raise _inconsistent(wrong)


def _inconsistent(what: str) -> Refused:
    return Refused(_("Nothing is sealed: %(what)s.") % {"what": what}, code="tree_inconsistent")


def _next_batch(end: Batch | None, at: dt.datetime, using: str) -> Batch | None:
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read")
        cluster = seals.cluster(using)
        low, above = (end.high, end.above_seq) if end else (0, 0)
        if end is not None and end.cluster != cluster:
            words = {"old": end.cluster, "new": cluster}
            raise Refused(
                _("Nothing is sealed: the trail was begun in database cluster %(old)s and is now in %(new)s.") % words,
                code="restored",
            )
        first, open_ = seals.next_transaction(low, above, using)
        if first is None or first >= open_:
            return None
        high = min(open_, first + TRANSACTIONS)
        return _write(end, cluster, above, low, high, at, using)


def _write(end: Batch | None, cluster: int, above: int, low: int, high: int, at: dt.datetime, using: str) -> Batch:
    edge, hashes = end.tree if end else merkle.Edge(), []
    for _seq, _xid, leaf in seals.events(low, high, above, using):
        hashes.append(merkle.leaf_hash(leaf.encode()))
        edge.append(hashes[-1])
    number, first = (end.number + 1, end.size) if end else (1, 0)
    batch = Batch(number, cluster, above, low, high, None, first, len(hashes), b"".join(edge.parts), edge.root())
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


def _sign(end: Batch, by: Actor, at: dt.datetime, using: str) -> None:
    signed = seals.checkpoint(using)
    if signed is not None and signed[0] == end.size:
        text = signed[1]
    else:
        origin = seals.origin(using)
        text = note.sign(Checkpoint(origin, end.size, end.root).text, kept.name(), kept.private())
        with connections[using].cursor() as cursor:
            cursor.execute("select audit.publish(%s, %s, %s)", [end.size, text, at])
    anchors.publish(text, by=by, at=at)
