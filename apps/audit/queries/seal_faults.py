"""Do the seals still fit the book? Every sealed event, every node, every signature and every anchor is looked at."""

import contextlib
import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, zip_longest
from pathlib import Path

from django.db import transaction

from apps.audit import registry
from apps.audit.domain import growth, merkle, note
from apps.audit.domain.fault import Fault
from apps.audit.domain.growth import NAMED, Growth
from apps.audit.domain.note import Checkpoint
from apps.audit.domain.retirement import Places
from apps.audit.queries import anchoring, anchors, cold, keys, leaves, retirement, seals
from apps.audit.queries.seals import Batch, Book

Events = dict[int, list[tuple[int, bytes]]]  # by batch: number and hash


def faults(using: str, since: dt.datetime | None = None, folder: Path | None = None) -> list[Fault]:
    """Everything that is not as it was sealed, or not what was signed; nothing while nothing is sealed.

    Of what left the database the sealed hashes are looked at, and with the folder of the cold files its lines as well.

    With a moment, what was sealed after the last checkpoint before it; that this one is ours is shown by its signature,
    and that the tree has grown out of it by growing it on.
    """
    found: list[Fault] = []
    with transaction.atomic(using=using):
        books = seals.books(using)
        for book, successor in zip(books, [*books[1:], None], strict=True):
            with seals.shown(book.number, using):
                found += _of_tree(book, successor, using, since, folder)
    return found


def _of_tree(
    book: Book, successor: Book | None, using: str, since: dt.datetime | None, folder: Path | None
) -> Iterator[Fault]:
    signed = seals.signed_before(since, using) if since else None
    first = signed[0] if signed else 0
    tree = Growth(first, seals.Tree(first, using).part if first else None)
    roots = {size: b"" for size in _signed_sizes(using) if size > first}  # by size, where something was signed
    if signed:
        roots[first] = tree.edge.root()
        yield from _signed(signed[1], roots, first, f"The checkpoint of {first} events", None, using)
    gone = retirement.gone(using)
    yield from _content(tree, roots, gone.places, using)
    yield from _nodes(tree, first, using)
    yield from _checkpoints(roots, first, using)
    yield from _anchors(roots, first, successor, using)
    yield from _cosignatures(using)
    yield from retirement.faults(using)
    yield from cold.faults(gone, folder, using) if folder else ()
    if book.old is not None and 0 not in gone.places and not book.is_named(seals.first_detail(using)):
        yield Fault("origin_unnamed", f"The first leaf of {book.origin} does not name the tree that it comes after.")


def _signed_sizes(using: str) -> set[int]:
    """The sizes at which the tree was signed, as far as they can be read."""
    sizes = set()
    for text in (*(text for _, text in seals.checkpoints(using)), *anchors.notes()):
        with contextlib.suppress(note.Unreadable):
            sizes.add(note.checkpoint(note.split(text)[0]).size)
    return sizes


def _content(tree: Growth, roots: dict[int, bytes], gone: Places, using: str) -> Iterator[Fault]:
    before = seals.batch_until(tree.edge.size, using)
    floors, listed = seals.floors(using), seals.listed(using)
    for group in leaves.groups(seals.batches(using, first=before.number + 1 if before else 1)):
        is_known = group[0].leaves > leaves.GROUP and _is_as_sealed(group[0], floors, listed, gone, using)
        events = {} if is_known else _events(group, floors, listed, using)
        hashes = seals.hashes(group[0].first_leaf, group[-1].size, using)
        for batch in group:
            yield from _place(before, batch)
            sealed: Iterable[bytes] = islice(hashes, batch.leaves)
            if not is_known:
                sealed = list(sealed)
                here = gone.others(batch.first_leaf, batch.first_leaf + len(sealed))
                kept = sealed if len(here) == len(sealed) else [sealed[place - batch.first_leaf] for place in here]
                yield from growth.differences(kept, events.get(batch.number, []), here, batch.number)
            for hashed in sealed:
                tree.append(hashed)
                if tree.edge.size in roots:
                    roots[tree.edge.size] = tree.edge.root()
            if (batch.root, batch.edge) != (tree.edge.root(), b"".join(tree.edge.parts)):
                yield Fault("batch_root", f"The root of batch {batch.number} is not the one that its leaves give.")
            before = batch
        registry.reached(group[-1].size)


def _events(group: Sequence[Batch], floors: Sequence[int], listed: set[int], using: str) -> Events:
    """The events of the batches as the book holds them now."""
    found: Events = defaultdict(list)
    if group[0].members is not None:
        found[group[0].number] = [(seq, _hash(leaf)) for seq, _, leaf in seals.events_of(group[0], using)]
        return found
    lows = [batch.low for batch in group]
    for seq, xid, hashed in _hashed(group, floors, listed, using):
        found[group[bisect_right(lows, xid) - 1].number].append((seq, hashed))
    return found


def _hashed(
    group: Sequence[Batch], floors: Sequence[int], listed: set[int], using: str
) -> Iterator[tuple[int, int, bytes]]:
    """The events of batches that take transactions, as the book holds them now: number, transaction and hash."""
    ceiling = min((floor for floor in floors if floor > group[0].above_seq), default=None)
    for seq, xid, leaf in seals.events(group[0].low, group[-1].high, group[0].above_seq, using):
        if seq not in listed and (ceiling is None or seq <= ceiling):
            yield seq, xid, _hash(leaf)


def _is_as_sealed(batch: Batch, floors: Sequence[int], listed: set[int], gone: Places, using: str) -> bool:
    """Whether a batch that stands alone, as a large transaction makes it, is as it was sealed; kept in no memory."""
    if batch.members is not None:
        return False
    sealed = enumerate(seals.hashes(batch.first_leaf, batch.size, using), batch.first_leaf)
    here = (hashed for place, hashed in sealed if place not in gone)
    events = (hashed for _seq, _xid, hashed in _hashed([batch], floors, listed, using))
    return all(one == other for one, other in zip_longest(here, events))


def _hash(leaf: str) -> bytes:
    return merkle.leaf_hash(leaf.encode())


def _place(before: Batch | None, batch: Batch) -> Iterator[Fault]:
    number, first = (before.number + 1, before.size) if before else (1, 0)
    goes_on = before is None or batch.members is not None or batch.low == before.high
    if (batch.number, batch.first_leaf) != (number, first) or not goes_on:
        yield Fault("batch_out_of_place", f"Batch {batch.number} does not go on where the one before it ended.")


def _nodes(tree: Growth, first: int, using: str) -> list[Fault]:
    """Nodes that were completed after the first leaves."""
    found = seals.rows(using, "select * from audit.node where (index + 1) * 256 ^ level > %(first)s", {"first": first})
    stored = {(level, index): bytes(root) for level, index, root in found}
    places = sorted(place for place in stored.keys() | tree.nodes.keys() if stored.get(place) != tree.nodes.get(place))
    return [
        Fault("node", f"Node {index} on level {level} of the tree is not the one that its leaves give.")
        for level, index in places[:NAMED]
    ]


def _checkpoints(roots: dict[int, bytes], first: int, using: str) -> Iterator[Fault]:
    signed = seals.checkpoints(using)
    for size, text in signed:
        if size > first:
            yield from _signed(text, roots, first, f"The checkpoint of {size} events", None, using)
    if not signed and seals.last(using) is not None:
        yield Fault("unsigned", "The tree was never signed.")


def _cosignatures(using: str) -> Iterator[Fault]:
    signed, known = dict(seals.checkpoints(using)), anchoring.cosigners()
    for cosigned in anchoring.cosignatures(using):
        body = note.split(signed[cosigned.size])[0]
        try:
            note.opened(f"{body}\n{cosigned.line}", known)
        except note.Unreadable as error:
            what = f"The co-signature of {cosigned.name} under {cosigned.size} events is not believed: {error}."
            yield Fault("cosignature", what)


def _anchors(roots: dict[int, bytes], first: int, successor: Book | None, using: str) -> Iterator[Fault]:
    origin, published, lost = seals.origin(using), anchors.notes(), successor.old if successor else None
    for text in published:
        if text.startswith(f"{origin}\n"):
            yield from _signed(text, roots, first, "A published checkpoint", lost, using)
    if successor is None and published and not published[-1].startswith(f"{origin}\n"):
        yield Fault("anchor_of_another_book", "The last published checkpoint is of another book.")


def _signed(
    text: str, roots: dict[int, bytes], first: int, what: str, lost: Checkpoint | None, using: str
) -> Iterator[Fault]:
    """What is wrong with a checkpoint of the first leaves or more.

    `lost` is the one up to which the next tree says that events were lost.
    """
    try:
        known = keys.opened(text, seals.origins(using))
    except note.Unreadable as error:
        yield Fault("signature", f"{what} is not believed: {error}.")
        return
    if known.origin != seals.origin(using):
        yield Fault("checkpoint_of_another_book", f"{what} is of {known.origin}.")
    elif known.size < first:
        return
    elif not roots[known.size]:
        if lost is None or known.size > lost.size or (known.size == lost.size and known.root != lost.root):
            yield Fault("tree_cut", f"{what} says {known.size} events; the tree has fewer.")
    elif known.root != roots[known.size]:
        yield Fault("tree_rewritten", f"{what} of {known.size} events was signed over another tree.")
