"""Why the sealer goes no further: a tree that is not the one that was signed is never signed."""

from apps.audit.domain import merkle
from apps.audit.domain.merkle import Part
from apps.audit.domain.note import Checkpoint


def objection(signed: Checkpoint, origin: str, size: int, root: bytes, part: Part) -> str | None:
    """What speaks against signing a tree after a checkpoint, as a sentence; none where the tree has grown out of it."""
    if signed.origin != origin:
        return f"the last checkpoint is of {signed.origin}, not of {origin}"
    if signed.size > size:
        return f"a checkpoint of {signed.size} events was signed, but only {size} are sealed"
    if signed.size == size:
        return None if signed.root == root else f"another tree of {size} events was signed"
    proof = merkle.consistency(signed.size, size, part) if signed.size else []
    if signed.size and not merkle.grows(signed.size, size, signed.root, root, proof):
        return f"the sealed events do not grow out of the checkpoint of {signed.size} events"
    return None
