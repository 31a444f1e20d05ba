"""Personal values as they are kept: sealed with AES-256-GCM under a versioned key, found again by keyed digests.

A sealed value is text: `~`, the key's name, a dot, and nonce, ciphertext and tag in base64. What it is sealed *for*
(the column and whose row it is in) is authenticated with it: moved to another column or person it does not open.
"""

import base64
import binascii
import hmac
import json
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = "~"
NONCE = 12  # bytes
KEY = 32  # bytes
GRAM = 2  # bytes of the digest of a piece of a name: so few that many pieces share one
REMEMBERED = 50_000  # pieces whose numbers a process remembers


class Unsealable(Exception):
    """A value that does not open: the words say why, `code` which of the reasons it is."""

    def __init__(self, code: str, key: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.key = key


@dataclass(frozen=True)
class Ring:
    """The data keys by name, the one that seals, those that may open nothing any more, and the key of the digests."""

    keys: Mapping[str, bytes] = field(repr=False)
    current: str
    retired: frozenset[str]
    index: bytes = field(repr=False)

    @cached_property
    def _grams(self) -> dict[str, int]:
        return {}

    @cached_property
    def _ciphers(self) -> dict[str, AESGCM]:
        return {name: AESGCM(key) for name, key in self.keys.items()}

    def seal(self, clear: str, purpose: str) -> str:
        """The value for a purpose, sealed under the key in force; what is empty stays empty."""
        if not clear:
            return ""
        nonce = os.urandom(NONCE)
        sealed = nonce + self._ciphers[self.current].encrypt(nonce, clear.encode(), purpose.encode())
        return f"{MARK}{self.current}.{base64.b64encode(sealed).decode()}"

    def open(self, token: str, purpose: str) -> str:
        """What was sealed for the purpose; `Unsealable` where its key is not ours any more, or it was for another."""
        if not token:
            return ""
        name, dot, text = token[len(MARK) :].partition(".")
        if not token.startswith(MARK) or not dot:
            raise Unsealable("personal_malformed")
        if name in self.retired:
            raise Unsealable("personal_key_retired", name)
        if name not in self._ciphers:
            raise Unsealable("personal_key_unknown", name)
        try:
            sealed = base64.b64decode(text, validate=True)
            return self._ciphers[name].decrypt(sealed[:NONCE], sealed[NONCE:], purpose.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error):
            raise Unsealable("personal_altered", name) from None

    def digest(self, purpose: str, text: str) -> uuid.UUID:
        """What an exact search compares: 128 bits of HMAC-SHA256 over the normalised value, apart for each purpose."""
        return uuid.UUID(bytes=hmac.digest(self.index, f"{purpose}\0{text}".encode(), "sha256")[:16])

    def gram(self, piece: str) -> int:
        """The number that stands for a piece of a name."""
        known = self._grams.get(piece)
        if known is None:
            known = int.from_bytes(hmac.digest(self.index, f"gram\0{piece}".encode(), "sha256")[:GRAM], "big")
            if len(self._grams) < REMEMBERED:
                self._grams[piece] = known
        return known


def key_of(token: str) -> str:
    """The name of the key under which a value is sealed."""
    return token[len(MARK) :].partition(".")[0]


def read(text: str) -> Ring:
    """A ring out of its JSON; `Unsealable` where it is none."""
    try:
        told = json.loads(text)
        keys = {str(one["name"]): base64.b64decode(one["key"], validate=True) for one in told["keys"]}
        retired = frozenset(str(one["name"]) for one in told["keys"] if one.get("retired"))
        ring = Ring(keys, str(told["keys"][-1]["name"]), retired, base64.b64decode(told["index"], validate=True))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise Unsealable("personal_keys_unreadable") from None
    if ring.current in retired or {len(key) for key in (*keys.values(), ring.index)} != {KEY}:
        raise Unsealable("personal_keys_unreadable")
    return ring


def written(ring: Ring) -> str:
    """The ring as JSON, the key in force last."""
    named = sorted(ring.keys, key=lambda name: name == ring.current)
    keys = [{"name": n, "key": _text(ring.keys[n]), "retired": n in ring.retired} for n in named]
    return json.dumps({"index": _text(ring.index), "keys": keys}, indent=1)


def fresh() -> Ring:
    """A ring of one new key."""
    name = _name()
    return Ring({name: os.urandom(KEY)}, name, frozenset(), os.urandom(KEY))


def renewed(ring: Ring) -> Ring:
    """The ring with a new key in force; the ones before still open what they sealed."""
    name = _name()
    return Ring({**ring.keys, name: os.urandom(KEY)}, name, ring.retired, ring.index)


def retiring(ring: Ring, kept: frozenset[str]) -> Ring:
    """The ring of which only the kept keys and the one in force still open anything."""
    return Ring(ring.keys, ring.current, frozenset(ring.keys) - kept - {ring.current}, ring.index)


def _name() -> str:
    return os.urandom(4).hex()


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
