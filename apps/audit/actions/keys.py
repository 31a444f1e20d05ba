"""Making the keys that sign checkpoints."""

import datetime as dt
import os

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from apps.audit.actions.operations import record
from apps.audit.domain import note
from apps.audit.queries import keys
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused


def make(*, by: Actor, at: dt.datetime) -> None:
    """Make the first key, unless there is one."""
    if not keys.is_there():
        _write(Ed25519PrivateKey.generate())


def renew(*, reason: str, by: Actor, at: dt.datetime) -> str:
    """Sign with a new key from now on; the old one is put aside, its signatures are still believed."""
    if settings.AUDIT_KEY:
        raise Refused(_("The key is in the environment: change it there."), code="key_in_environment")
    if not reason.strip():
        raise Refused(_("A new key needs a reason."), code="reason_missing")
    if keys.path().exists():
        keys.path().rename(keys.path().with_suffix(f".{at:%Y%m%d%H%M%S}.old"))
    public = _write(Ed25519PrivateKey.generate())
    record(
        "trail.key", by=by, at=at, reason=reason, sentence="The trail is signed with a new key.", detail={"key": public}
    )
    return public


def _write(key: Ed25519PrivateKey) -> str:
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
    return public
