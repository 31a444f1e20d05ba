"""Making the keys that sign checkpoints."""

import datetime as dt
import os

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from apps.audit.domain import note
from apps.audit.queries import keys
from apps.core.domain.actor import Actor


def make(*, by: Actor, at: dt.datetime) -> None:
    """Make the first key, unless there is one."""
    if not keys.is_there():
        _write(Ed25519PrivateKey.generate())


def _write(key: Ed25519PrivateKey) -> None:
    """Keep the key where the configuration says, for its owner alone; never over another one."""
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = note.verifier_of(keys.name(), key).text
    keys.path().parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(keys.path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    with keys.public_path().open("a", encoding="utf-8") as file:
        file.write(f"{public}\n")
