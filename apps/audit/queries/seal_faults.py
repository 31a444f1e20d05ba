"""Do the seals still fit the book? Every sealed event, every node, every signature and every anchor is looked at."""

import contextlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import transaction

from apps.audit import registry
from apps.audit.domain import growth, merkle, note
from apps.audit.domain.fault import Fault
from apps.audit.domain.growth import NAMED, Growth
from apps.audit.queries import anchors, keys, leaves, seals
from apps.audit.queries.seals import Batch

Events = dict[int, list[tuple[int, bytes]]]  # by batch: number and hash


def faults(using: str) -> list[Fault]:
    """Everything that is not as it was sealed, or not what was signed; nothing while nothing is sealed."""
    with transaction.atomic(using=using):
        tree, roots = Growth(), dict.fromkeys(_signed_sizes(using), b"")  # by size, where something was signed
        found = list(_content(tree, roots, using))
        found += _nodes(tree, using)
        found += _checkpoints(roots, using)
        found += _anchors(roots, using)
    return found


def _signed_sizes(using: str) -> set[int]:
    """The sizes at which the tree was signed, as far as they can be read."""
    sizes = set()
    for text in (*(text for _, text in seals.checkpoints(using)), *anchors.notes()):
        with contextlib.suppress(note.Unreadable):
            sizes.add(note.checkpoint(note.split(text)[0]).size)
    return sizes


def _content(tree: Growth, roots: dict[int, bytes], using: str) -> Iterator[Fault]:
    before: Batch | None = None
    floors, listed = seals.floors(using), seals.listed(using)
    for group in leaves.groups(seals.batches(using)):
        events = _events(group, floors, listed, using)
        hashes = seals.leaf_hashes(group[0].first_leaf, group[-1].size, using)
        for batch in group:
            yield from _place(before, batch)
            start = batch.first_leaf - group[0].first_leaf
            sealed = hashes[start : start + batch.leaves]
            yield from growth.differences(sealed, events.get(batch.number, []), batch.first_leaf, batch.number)
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
    ceiling = min((floor for floor in floors if floor > group[0].above_seq), default=None)
    lows = [batch.low for batch in group]
    for seq, xid, leaf in seals.events(group[0].low, group[-1].high, group[0].above_seq, using):
        if seq not in listed and (ceiling is None or seq <= ceiling):
            found[group[bisect_right(lows, xid) - 1].number].append((seq, _hash(leaf)))
    return found


def _hash(leaf: str) -> bytes:
    return merkle.leaf_hash(leaf.encode())


def _place(before: Batch | None, batch: Batch) -> Iterator[Fault]:
    number, first = (before.number + 1, before.size) if before else (1, 0)
    goes_on = before is None or batch.members is not None or batch.low == before.high
    if (batch.number, batch.first_leaf) != (number, first) or not goes_on:
        yield Fault("batch_out_of_place", f"Batch {batch.number} does not go on where the one before it ended.")


def _nodes(tree: Growth, using: str) -> list[Fault]:
    stored = {(level, index): bytes(root) for level, index, root in seals.rows(using, "select * from audit.node")}
    places = sorted(place for place in stored.keys() | tree.nodes.keys() if stored.get(place) != tree.nodes.get(place))
    return [
        Fault("node", f"Node {index} on level {level} of the tree is not the one that its leaves give.")
        for level, index in places[:NAMED]
    ]


def _checkpoints(roots: dict[int, bytes], using: str) -> Iterator[Fault]:
    origin, signed = seals.origin(using), seals.checkpoints(using)
    for size, text in signed:
        yield from _signed(text, origin, roots, f"The checkpoint of {size} events")
    if not signed and seals.last(using) is not None:
        yield Fault("unsigned", "The tree was never signed.")


def _anchors(roots: dict[int, bytes], using: str) -> Iterator[Fault]:
    origin, published = seals.origin(using), anchors.notes()
    for text in published:
        if text.startswith(f"{origin}\n"):
            yield from _signed(text, origin, roots, "A published checkpoint")
    if published and not published[-1].startswith(f"{origin}\n"):
        yield Fault("anchor_of_another_book", "The last published checkpoint is of another book.")


def _signed(text: str, origin: str, roots: dict[int, bytes], what: str) -> Iterator[Fault]:
    try:
        known = note.checkpoint(note.opened(text, keys.verifiers()))
    except note.Unreadable as error:
        yield Fault("signature", f"{what} is not believed: {error}.")
        return
    if known.origin != origin:
        yield Fault("checkpoint_of_another_book", f"{what} is of {known.origin}.")
    elif not roots[known.size]:
        yield Fault("tree_cut", f"{what} says {known.size} events; the tree has fewer.")
    elif known.root != roots[known.size]:
        yield Fault("tree_rewritten", f"{what} of {known.size} events was signed over another tree.")
