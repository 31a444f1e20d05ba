"""Signed notes and checkpoints of the tree, as others read them (C2SP signed-note, tlog-checkpoint)."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
COSIGNATURE = b"\x04"  # an Ed25519 key that signs a checkpoint together with the time at which it saw it
SIGNED = "— "


class Unreadable(ValueError):
    """A note, a key or a checkpoint that is not written as the format wants, or not signed as it says."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Whose signature is believed: a name and a public key."""

    name: str
    public: bytes
    kind: bytes = ED25519

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as it is handed out: `name+id+base64`."""
        return f"{self.name}+{self.key_id.hex()}+{_encoded(self.kind + self.public)}"

    def believes(self, text: str, signature: bytes) -> bool:
        """Whether the key signed the text; `signature` is what follows the key's id."""
        signed, message = signature, text.encode()
        if self.kind == COSIGNATURE:
            moment, signed = int.from_bytes(signature[:8], "big"), signature[8:]
            message = f"cosignature/v1\ntime {moment}\n{text}".encode()
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signed, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: whose tree it is, how many leaves it has and its root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The checkpoint as a note's text."""
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\n"


def verifier(text: str) -> Verifier:
    """A key as it was handed out."""
    name, separator, rest = text.strip().partition("+")
    claimed, second, encoded = rest.partition("+")
    key = _decoded(encoded) if second else b""
    if not separator or not name or key[:1] not in (ED25519, COSIGNATURE) or len(key) != 33:
        raise Unreadable("this is not a public key of a note")
    found = Verifier(name, key[1:], key[:1])
    if found.key_id.hex() != claimed:
        raise Unreadable(f"the key of {name} is not the one that its number names")
    return found


def verifier_of(name: str, key: Ed25519PrivateKey) -> Verifier:
    """Whose signatures the private key makes."""
    return Verifier(name, key.public_key().public_bytes_raw())


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The text as a note that is signed once."""
    if not text.endswith("\n"):
        raise Unreadable("the text of a note ends with a line's end")
    return f"{text}\n{line(verifier_of(name, key), key.sign(text.encode()))}"


def countersign(note: str, name: str, key: Ed25519PrivateKey) -> str:
    """The note with one more signature line: how a key hands over to the next."""
    text, _ = split(note)
    return note + line(verifier_of(name, key), key.sign(text.encode()))


def cosign(note: str, name: str, key: Ed25519PrivateKey, moment: int) -> str:
    """The note with one more signature that says at what moment (seconds since 1970) its signer saw it."""
    text, _ = split(note)
    signature = key.sign(f"cosignature/v1\ntime {moment}\n{text}".encode())
    by = Verifier(name, key.public_key().public_bytes_raw(), COSIGNATURE)
    return note + line(by, moment.to_bytes(8, "big") + signature)


def moment(signature: bytes) -> int:
    """When a co-signature (the key's id, then what it signed) was made, in seconds since 1970."""
    return int.from_bytes(signature[4:12], "big")


def line(by: Verifier, signature: bytes) -> str:
    """A signature as the line of a note; `signature` is what follows the key's id."""
    return f"{SIGNED}{by.name} {_encoded(by.key_id + signature)}\n"


def split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note and its signatures: the name, and the key's id with what it signed."""
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise Unreadable("this is not a signed note")
    found = []
    for signed in lines.splitlines():
        name, space, encoded = signed.removeprefix(SIGNED).partition(" ")
        if not signed.startswith(SIGNED) or not space or len(_decoded(encoded)) < 5:
            raise Unreadable("a line of the note is not a signature")
        found.append((name, _decoded(encoded)))
    return f"{text}\n", found


def opened(note: str, keys: Iterable[Verifier]) -> str:
    """The text of a note that one of the keys signed; `Unreadable` where none did, or where a signature is false."""
    text, signatures = split(note)
    known: Mapping[tuple[str, bytes], Verifier] = {(key.name, key.key_id): key for key in keys}
    believed = False
    for name, signature in signatures:
        key = known.get((name, signature[:4]))
        if key is None:
            continue
        if not key.believes(text, signature[4:]):
            raise Unreadable(f"the signature of {name} is false")
        believed = True
    if not believed:
        raise Unreadable("no known key signed this note")
    return text


def checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text states."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not (lines[1].isascii() and lines[1].isdigit()):
        raise Unreadable("this is not a checkpoint")
    if lines[1] != str(int(lines[1])):
        raise Unreadable("the size of a checkpoint begins with a zero")
    root = _decoded(lines[2])
    if len(root) != sha256().digest_size:
        raise Unreadable("the root of a checkpoint is not a SHA-256")
    return Checkpoint(lines[0], int(lines[1]), root)


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Unreadable(f"“{text}” is not base64") from error
