"""The tree grown again from its leaves: its nodes, and its root at every size that is asked for."""

from collections.abc import Sequence

from apps.audit.domain import merkle
from apps.audit.domain.fault import Fault
from apps.audit.domain.merkle import Part

WIDTH = 256  # children of a node
NAMED = 20  # of one kind that are named one by one
Node = tuple[int, int]  # level and index


class Growth:
    """A tree that takes leaf after leaf and knows the nodes that they complete."""

    def __init__(self, size: int = 0, part: Part | None = None) -> None:
        """Begin with nothing, or with a tree of this size, of which the parts under its right edge are asked for."""
        self.edge = merkle.edge_of(size, part) if part else merkle.Edge()
        self.nodes: dict[Node, bytes] = {}
        self._children: list[list[bytes]] = [[]]
        self._count: list[int] = [0]
        if part:
            ends = [size >> 8 * level for level in range(max(size.bit_length() + 7, 8) // 8)]
            self._children = [
                [part(8 * level, index) for index in range(end // WIDTH * WIDTH, end)] for level, end in enumerate(ends)
            ]
            self._count = [end // WIDTH for end in ends]

    def append(self, leaf: bytes) -> None:
        """Take the hash of a leaf."""
        self.edge.append(leaf)
        level, child = 0, leaf
        while True:
            self._children[level].append(child)
            if len(self._children[level]) < WIDTH:
                return
            child, self._children[level] = merkle.root_of(self._children[level]), []
            self.nodes[level + 1, self._count[level]] = child
            self._count[level] += 1
            level += 1
            if level == len(self._children):
                self._children.append([])
                self._count.append(0)


def differences(
    sealed: Sequence[bytes], now: Sequence[tuple[int, bytes]], places: Sequence[int], batch: int
) -> list[Fault]:
    """How the events of a batch (number, hash) differ from the leaves that were sealed at these places."""
    if [hashed for _, hashed in now] == list(sealed):
        return []
    kept, present = set(sealed), {hashed for _, hashed in now}
    gone = [place for place, hashed in zip(places, sealed, strict=False) if hashed not in present]
    new = [seq for seq, hashed in now if hashed not in kept]
    altered = min(len(gone), len(new))
    found = [
        Fault("sealed_event_altered", f"Event {seq} (leaf {leaf}) is not as it was sealed in batch {batch}.")
        for seq, leaf in zip(new, gone, strict=False)
    ]
    found += [
        Fault("sealed_event_missing", f"Leaf {leaf} of batch {batch} is sealed, but its event is gone.")
        for leaf in gone[altered:]
    ]
    found += [
        Fault("event_slipped_in", f"Event {seq} was written into batch {batch} after it was sealed.")
        for seq in new[altered:]
    ]
    found = found or [
        Fault("sealed_order", f"The events of batch {batch} are not in the order in which they were sealed.")
    ]
    return [*found[:NAMED], *_rest(found, batch)]


def _rest(found: Sequence[Fault], batch: int) -> list[Fault]:
    more = len(found) - NAMED
    sentence = f"{more} more events of batch {batch} are not as they were sealed."
    return [Fault(found[0].code, sentence)] if more > 0 else []
