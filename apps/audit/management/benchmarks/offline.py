"""How fast an outsider recomputes the tree from its leaves, against a core that does nothing but SHA-256."""

import time
from hashlib import sha256

from django.db import transaction

from apps.audit.domain import merkle
from apps.audit.queries import seals

LEAVES = 100_000  # at most
BLOCK = 64  # bytes that SHA-256 takes at once; nine more are its padding
NODE = 1 + 2 * merkle.HASH


def measured() -> dict[str, float]:
    """Leaves hashed and joined to a root a second; and as a share of what the SHA-256 of as many blocks allows."""
    leaves = _leaves()
    started = time.process_time()
    merkle.root_of(merkle.leaf_hashes(leaves))
    took = time.process_time() - started
    blocks = sum(_blocks(1 + len(leaf)) for leaf in leaves) + _blocks(NODE) * (len(leaves) - 1)
    everything = bytes(blocks * BLOCK)
    started = time.process_time()
    sha256(everything).digest()
    limit = time.process_time() - started
    return {"verified_per_second": len(leaves) / took, "verify_ratio": limit / took}


def _blocks(size: int) -> int:
    return (size + 9 + BLOCK - 1) // BLOCK


def _leaves() -> list[bytes]:
    found: list[bytes] = []
    with transaction.atomic():
        for batch in seals.batches("default"):
            found += [leaf.encode() for _, _, leaf in seals.events_of(batch, "default")][: LEAVES - len(found)]
            if len(found) >= LEAVES:
                break
    return found
