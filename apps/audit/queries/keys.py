"""The key that signs checkpoints, in a file outside the database or in the environment, and all keys that ever did."""

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from apps.audit.domain import note, policy
from apps.audit.domain.note import Checkpoint, Verifier
from apps.audit.domain.policy import Known
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def path() -> Path:
    """Where the private key is, unless the environment holds it."""
    return Path(settings.AUDIT_KEY_FILE)


def next_path() -> Path:
    """Where a new key waits until the old one has handed over to it."""
    return path().with_suffix(".next")


def public_path() -> Path:
    """Where the public keys are, one a line, the oldest first; a retired one with its last checkpoint."""
    return path().with_suffix(".pub")


def name() -> str:
    """In whose name is signed."""
    return str(settings.AUDIT_ORIGIN)


def is_there() -> bool:
    """Whether there is a key to sign with."""
    return bool(settings.AUDIT_KEY) or path().exists()


def private() -> Ed25519PrivateKey:
    """The key in force; refused where it is lost, unknown, retired, or another thing than an Ed25519 key in PEM."""
    key = stored()
    known = policy.read(_public())
    ours = note.verifier_of(name(), key)
    if known and known[-1].verifier != ours:
        retired = any(found.verifier == ours for found in known)
        words = {"key": ours.text, "path": public_path(), "force": known[-1].verifier.text}
        if retired:
            sentence = _("The key %(key)s is retired: the one in force is %(force)s.")
            raise Refused(sentence % words, code="key_retired")
        raise Refused(_("The key %(key)s is not among the known ones in %(path)s.") % words, code="key_unknown")
    return key


def stored() -> Ed25519PrivateKey:
    """The key that the environment or the file holds, whether or not it is in force."""
    return read(settings.AUDIT_KEY.encode() if settings.AUDIT_KEY else path())


def read(source: bytes | Path) -> Ed25519PrivateKey:
    """An Ed25519 key in PEM, or in a file of that; refused where it is not there or is another thing."""
    try:
        key = serialization.load_pem_private_key(source if isinstance(source, bytes) else source.read_bytes(), None)
    except FileNotFoundError:
        sentence = _("The key that signs the trail is lost: there is no %(path)s.") % {"path": source}
        raise Refused(sentence, code="key_lost") from None
    except (ValueError, TypeError, OSError) as error:
        sentence = _("The key that signs the trail cannot be read: %(error)s.")
        raise Refused(sentence % {"error": error}, code="key_unreadable") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(_("The key that signs the trail is not an Ed25519 key."), code="key_unreadable")
    return key


def known() -> list[Known]:
    """Every key that ever signed, the one in force last."""
    found = policy.read(_public())
    if settings.AUDIT_KEY and not found:
        found.append(Known(note.verifier_of(name(), stored())))
    return found


def verifiers() -> list[Verifier]:
    """The same as whoever verifies a note needs them."""
    return [key.verifier for key in known()]


def opened(text: str, origins: Sequence[str]) -> Checkpoint:
    """The checkpoint of a note that a key signed which was in force then; `Unreadable` where none did."""
    return policy.opened(text, known(), origins)


def _public() -> str:
    return public_path().read_text(encoding="utf-8") if public_path().exists() else ""
