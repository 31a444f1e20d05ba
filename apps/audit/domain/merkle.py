"""A Merkle tree of leaves in their order (RFC 6962): roots, inclusion proofs and consistency proofs.

Hashes are SHA-256, 32 bytes. A tree of `size` leaves is asked for the roots of its complete parts alone: `part(level,
index)` is the root of the 2^level leaves that begin at index * 2^level.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Part = Callable[[int, int], bytes]
HASH = 32  # bytes
EMPTY = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two parts side by side."""
    return sha256(b"\x01" + left + right).digest()


def leaf_hashes(leaves: Iterable[bytes]) -> list[bytes]:
    """The hashes of leaves, one after the other."""
    return [sha256(b"\x00" + leaf).digest() for leaf in leaves]


class Edge:
    """The right edge of a growing tree: the roots of its complete parts, the largest first."""

    def __init__(self, size: int = 0, parts: Iterable[bytes] = ()) -> None:
        """Go on from a tree of this size with these parts."""
        self.size = size
        self.parts = list(parts)

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        joined, size = leaf, self.size
        while size & 1:
            joined = node_hash(self.parts.pop(), joined)
            size >>= 1
        self.parts.append(joined)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it is."""
        if not self.parts:
            return EMPTY
        root = self.parts[-1]
        for part in reversed(self.parts[:-1]):
            root = node_hash(part, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of the leaves of these hashes; level by level, which is half the work of one leaf after the other."""
    level, rest = list(leaves), list[bytes]()
    if not level:
        return EMPTY
    while len(level) > 1:
        if len(level) & 1:
            rest.append(level.pop())
        pairs = iter(level)
        level = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    parts = [*rest, *level]  # the smallest, which is the last, first
    root = parts[0]
    for part in parts[1:]:
        root = node_hash(part, root)
    return root


def between(low: int, high: int, part: Part) -> list[bytes]:
    """The roots of the leaves from low until before high, in parts that are each as large as their place allows."""
    parts = []
    while low < high:
        room = (high - low).bit_length() - 1
        level = min((low & -low).bit_length() - 1, room) if low else room
        parts.append(part(level, low >> level))
        low += 1 << level
    return parts


def edge_of(size: int, part: Part) -> Edge:
    """The right edge of the tree of this size."""
    return Edge(size, between(0, size, part))


def inclusion(index: int, size: int, part: Part) -> list[bytes]:
    """The proof that the leaf is in the tree of this size; `ValueError` where there is no such leaf."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return _path(index, 0, size, part)


def consistency(old: int, new: int, part: Part) -> list[bytes]:
    """The proof that the tree of the new size begins with that of the old one; `ValueError` for impossible sizes."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not grow out of one of {old}")
    return _growth(old, 0, new, part, whole=True)


def includes(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that the leaf of this hash is at the index of the tree."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        return False
    found = leaf
    for level, other in enumerate(proof):
        on_the_right = level >= inner or index >> level & 1
        found = node_hash(other, found) if on_the_right else node_hash(found, other)
    return found == root


def grows(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the new tree begins with the old one; nothing is shown of an empty tree."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if not _are_hashes(old_root, new_root, *proof):
        return False
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    rest = list(proof)
    if index:
        if not rest:
            return False
        before = after = rest.pop(0)
    else:
        before = after = old_root
    for other in rest:
        if not last:
            return False
        if index & 1 or index == last:
            before, after = node_hash(other, before), node_hash(other, after)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            after = node_hash(after, other)
        index, last = index >> 1, last >> 1
    return not last and before == old_root and after == new_root


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == sha256().digest_size for value in values)


def _span(low: int, high: int, part: Part) -> bytes:
    """The root of the leaves from low until before high."""
    width = high - low
    if width & (width - 1) == 0:
        return part(width.bit_length() - 1, low // width)
    middle = low + _left(width)
    return node_hash(_span(low, middle, part), _span(middle, high, part))


def _left(width: int) -> int:
    """The leaves of the left part: the largest power of two below the width."""
    return 1 << (width - 1).bit_length() - 1


def _path(index: int, low: int, high: int, part: Part) -> list[bytes]:
    if high - low == 1:
        return []
    middle = low + _left(high - low)
    if index < middle:
        return [*_path(index, low, middle, part), _span(middle, high, part)]
    return [*_path(index, middle, high, part), _span(low, middle, part)]


def _growth(old: int, low: int, high: int, part: Part, *, whole: bool) -> list[bytes]:
    if old == high:
        return [] if whole else [_span(low, high, part)]
    middle = low + _left(high - low)
    if old <= middle:
        return [*_growth(old, low, middle, part, whole=whole), _span(middle, high, part)]
    return [*_growth(old, middle, high, part, whole=False), _span(low, middle, part)]
