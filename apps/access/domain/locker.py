"""Secrets locked with a key that lies outside the database: AES-256-GCM, each under the version of its key."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes
KEY = 32


class Unopened(Exception):
    """A secret that cannot be opened; `version` is that of its key where that is gone, else it is not ours."""

    def __init__(self, version: int | None = None) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True)
class Ring:
    """Keys by version; what is locked anew is locked with the newest."""

    keys: Mapping[int, bytes]

    @property
    def newest(self) -> int:
        """The version in force."""
        return max(self.keys)

    def lock(self, secret: bytes, *, about: str, nonce: bytes) -> str:
        """The secret as it may lie in a table: version, nonce and cipher text; `about` says whose and what it is."""
        sealed = AESGCM(self.keys[self.newest]).encrypt(nonce, secret, about.encode())
        return f"{self.newest}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, locked: str, *, about: str) -> bytes:
        """The secret again; `Unopened` where its key is gone, or it was locked about something else."""
        number, _, body = locked.partition(":")
        if not number.isdigit():
            raise Unopened
        if (key := self.keys.get(int(number))) is None:
            raise Unopened(int(number))
        try:
            raw = base64.b64decode(body, validate=True)
            return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], about.encode())
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise Unopened from error


def version_of(locked: str) -> int:
    """The version of the key that locked it."""
    return int(locked.partition(":")[0])


def read(text: str) -> Ring:
    """The keys of a file: a version and 32 bytes in base64 on each line; `ValueError` for anything else."""
    keys = {}
    for line in text.split("\n"):
        if line.strip():
            number, _, key = line.strip().partition(" ")
            keys[int(number)] = base64.b64decode(key, validate=True)
    if not keys or any(len(key) != KEY for key in keys.values()):
        raise ValueError("no key, or one of the wrong length")
    return Ring(keys)


def line(version: int, key: bytes) -> str:
    """A key as its file holds it."""
    return f"{version} {base64.b64encode(key).decode()}\n"
