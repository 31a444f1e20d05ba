"""Making, keeping and replacing the keys that sign checkpoints; they are files, and no part of the database."""

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from apps.audit.domain import note
from apps.audit.domain.note import Verifier
from apps.audit.domain.policy import Known
from apps.audit.queries import keys
from apps.core.domain.actor import Actor


def make(*, by: Actor, at: dt.datetime) -> None:
    """Make the first key, unless there is one, and note its public half."""
    if not keys.is_there():
        prepare(by=by, at=at)
        keys.next_path().rename(keys.path())
    if not keys.public_path().exists():
        _note([Known(_verifier(keys.stored()))])


def prepare(*, by: Actor, at: dt.datetime) -> tuple[Ed25519PrivateKey, Verifier]:
    """The key that comes next and its public half: made, or found where an earlier attempt has left it."""
    if not keys.next_path().exists():
        _write(Ed25519PrivateKey.generate())
    key = keys.read(keys.next_path())
    return key, _verifier(key)


def hand_over(*, origin: str, size: int, by: Actor, at: dt.datetime) -> Verifier:
    """Put the prepared key in force: the one before may sign nothing beyond this checkpoint.

    It goes on where it was cut off. A key in the environment stays until the operator puts the file's in its place.
    """
    new = _verifier(keys.read(keys.next_path()))
    known = keys.known()
    if not known or known[-1].verifier != new:
        retired = [replace(last, origin=origin, size=size) for last in known[-1:]]
        _note([*known[:-1], *retired, Known(new)])
    keys.next_path().replace(keys.path())
    return new


def _verifier(key: Ed25519PrivateKey) -> Verifier:
    return note.verifier_of(keys.name(), key)


def _write(key: Ed25519PrivateKey) -> None:
    """Keep the key where it waits, for its owner alone; whole or not at all."""
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keys.path().parent.mkdir(parents=True, exist_ok=True)
    _put(keys.next_path(), text, 0o600)


def _note(known: Sequence[Known]) -> None:
    keys.public_path().parent.mkdir(parents=True, exist_ok=True)
    _put(keys.public_path(), "".join(f"{key.line}\n" for key in known).encode(), 0o644)


def _put(path: Path, content: bytes, mode: int) -> None:
    """Write a file that is there whole or as it was before."""
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)  # of an attempt that was cut off
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
