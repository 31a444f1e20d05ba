"""Making, keeping and replacing the keys that sign checkpoints; they are files, and no part of the database."""

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import replace

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
    """Keep the key where it waits, for its owner alone; never over another one."""
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keys.path().parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(keys.next_path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _note(known: Sequence[Known]) -> None:
    draft = keys.public_path().with_suffix(".pub.new")
    keys.public_path().parent.mkdir(parents=True, exist_ok=True)
    draft.write_text("".join(f"{key.line}\n" for key in known), encoding="utf-8")
    draft.replace(keys.public_path())
