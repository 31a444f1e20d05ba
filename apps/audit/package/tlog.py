"""The arithmetic of a transparency log: signed checkpoints (C2SP) and the proofs of a Merkle tree (RFC 9162)."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HASH = 32


class Wrong(Exception):
    """Something is not as it was signed; a sentence."""


@dataclass(frozen=True)
class Checkpoint:
    """A signed statement: whose tree, how many leaves, which root; and who signed it."""

    origin: str
    size: int
    root: bytes
    signer: str


@dataclass(frozen=True)
class Key:
    """A public key; of one that is retired, the last checkpoint that it may have signed: the origin and the size."""

    public: bytes
    origin: str = ""
    size: int = 0

    def may_sign(self, origin: str, size: int) -> bool:
        """Whether it was in force when the tree had this size."""
        return origin != self.origin or size <= self.size


Keys = dict[tuple[str, bytes], Key]  # by the name and identifier with which notes cite them


def decoded(text: str) -> bytes:
    """Bytes of base64, which must be written in the one right way."""
    value = base64.b64decode(text, validate=True)
    if base64.b64encode(value).decode() != text:
        raise ValueError("base64 with stray bits")
    return value


def hashes_of(value: bytes) -> list[bytes]:
    """Hashes that were written one after the other."""
    if len(value) % HASH:
        raise ValueError("a hash is cut off")
    return [value[at : at + HASH] for at in range(0, len(value), HASH)]


def public_keys(text: str) -> Keys:
    """The keys of a `vkey` file by name and identifier, Ed25519 alone; `key origin size` is one that is retired."""
    found: Keys = {}
    for line in text.splitlines():
        try:
            text, *end = line.split(" ")
            name, number, encoded = text.split("+", 2)
            key = decoded(encoded)
            identifier = sha256(name.encode() + b"\n" + key).digest()[:4]
            if key[:1] != b"\x01" or len(key) != 33 or identifier.hex() != number:
                raise ValueError("not the key that its number names")
        except (ValueError, IndexError) as error:
            raise Wrong(f"A public key cannot be used: {error}.") from error
        found[name, identifier] = Key(key[1:], *(end and (end[0], int(end[1]))))
    return found


def believed(note: str, keys: Keys, what: str) -> tuple[str, dict[str, Key]]:
    """The text of a signed note and the known keys that signed it, the last one last; none of them is false."""
    text, gap, lines = note.rpartition("\n\n")
    signed, signers = (text + "\n").encode(), dict[str, Key]()
    try:
        if not gap or not lines.endswith("\n"):
            raise ValueError("it is cut off")
        for line in lines.splitlines():
            mark, name, encoded = line.split(" ")
            signature = decoded(encoded)
            key = keys.get((name, signature[:4]))
            if mark != "—" or len(signature) < 5:
                raise ValueError("a line is not a signature")
            if key is not None:
                Ed25519PublicKey.from_public_bytes(key.public).verify(signature[4:], signed)
                signers[f"{name}+{signature[:4].hex()}"] = key
    except InvalidSignature:
        raise Wrong(f"The {what} is not believed: its signature is false.") from None
    except ValueError as error:
        raise Wrong(f"The {what} cannot be read: {error}.") from error
    if not signers:
        raise Wrong(f"The {what} is not believed: no known key signed it.")
    return text + "\n", signers


def opened(note: str, keys: Keys, what: str) -> Checkpoint:
    """What a checkpoint states, once it is believed."""
    text, signers = believed(note, keys, what)
    try:
        origin, size, root = text.split("\n")[:3]
        if str(int(size)) != size or len(decoded(root)) != HASH:
            raise ValueError("its size or root is not one")
    except ValueError as error:
        raise Wrong(f"The {what} cannot be read: {error}.") from error
    in_force = [name for name, key in signers.items() if key.may_sign(origin, int(size))]
    if not in_force:
        raise Wrong(f"The {what} is not believed: the key that signed it was retired before.")
    return Checkpoint(origin, int(size), decoded(root), in_force[-1])


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962: the hash of a leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962: the hash of two parts side by side."""
    return sha256(b"\x01" + left + right).digest()


def is_included(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: whether the path leads from the leaf at the index to the root."""
    if not 0 <= index < size or {len(leaf), len(root)} != {HASH}:
        return False
    number, last, found = index, size - 1, leaf
    for other in path:
        if not last:
            return False
        if number & 1 or number == last:
            found = node_hash(other, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, other)
        number, last = number >> 1, last >> 1
    return not last and found == root


def is_grown(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: whether the path shows that the tree of the new size begins with the one of the old size."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if {len(old_root), len(new_root)} != {HASH}:
        return False
    rest = path if old & (old - 1) else [old_root, *path]
    if not rest:
        return False
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    before = after = rest[0]
    for other in rest[1:]:
        if not last:
            return False
        if number & 1 or number == last:
            before, after = node_hash(other, before), node_hash(other, after)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            after = node_hash(after, other)
        number, last = number >> 1, last >> 1
    return not last and before == old_root and after == new_root


class Tree:
    """A tree that is put together from left to right, of leaves and of whole parts; kept are its complete parts."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.size = 0
        self.parts: list[bytes] = []

    def add(self, root: bytes, level: int = 0) -> None:
        """Add the root of the next 2^level leaves."""
        place = self.size >> level
        self.size += 1 << level
        while place & 1:
            root, place = node_hash(self.parts.pop(), root), place >> 1
        self.parts.append(root)

    def root(self) -> bytes:
        """The root of all that was added."""
        if not self.parts:
            return sha256(b"").digest()
        root = self.parts[-1]
        for part in reversed(self.parts[:-1]):
            root = node_hash(part, root)
        return root

    def fill(self, end: int, roots: Iterable[bytes]) -> None:
        """Add the parts, each as large as its place allows, that lead to this size."""
        for root in roots:
            room = end - self.size
            if room <= 0:
                raise Wrong("The proof holds more parts of the tree than it has.")
            aligned = (self.size & -self.size).bit_length() - 1 if self.size else room.bit_length()
            self.add(root, min(aligned, room.bit_length() - 1))
        if self.size != end:
            raise Wrong("The proof lacks parts of the tree.")
