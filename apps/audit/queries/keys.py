"""The key that signs checkpoints, in a file outside the database or in the environment, and all keys that ever did."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from apps.audit.domain import note
from apps.audit.domain.note import Verifier
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def path() -> Path:
    """Where the private key is, unless the environment holds it."""
    return Path(settings.AUDIT_KEY_FILE)


def public_path() -> Path:
    """Where the public keys are, one a line, the oldest first."""
    return path().with_suffix(".pub")


def name() -> str:
    """In whose name is signed."""
    return str(settings.AUDIT_ORIGIN)


def is_there() -> bool:
    """Whether there is a key to sign with."""
    return bool(settings.AUDIT_KEY) or path().exists()


def private() -> Ed25519PrivateKey:
    """The key; refused where it is lost or is another thing than an Ed25519 key in PEM."""
    try:
        text = settings.AUDIT_KEY.encode() or path().read_bytes()
        key = serialization.load_pem_private_key(text, password=None)
    except FileNotFoundError:
        words = {"path": path()}
        sentence = _("The key that signs the trail is lost: there is no %(path)s.") % words
        raise Refused(sentence, code="key_lost") from None
    except (ValueError, TypeError, OSError) as error:
        sentence = _("The key that signs the trail cannot be read: %(error)s.")
        raise Refused(sentence % {"error": error}, code="key_unreadable") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(_("The key that signs the trail is not an Ed25519 key."), code="key_unreadable")
    return key


def verifiers() -> list[Verifier]:
    """Every public key that ever signed, the one in force last."""
    known = public_path().read_text(encoding="utf-8").split() if public_path().exists() else []
    found = [note.verifier(line) for line in known]
    if settings.AUDIT_KEY:
        found.append(note.verifier_of(name(), private()))
    return found
