"""Making and replacing the keys of personal data; they are a file, and no part of the database."""

import datetime as dt
import os
from pathlib import Path

from django.conf import settings

from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.domain import sealing
from apps.customers.domain.sealing import Ring
from apps.customers.models import keyring


def make(*, by: Actor, at: dt.datetime) -> None:
    """Make the first keys, unless there are some; of two who do so at once, one does."""
    if keyring.is_there():
        return
    draft = _draft(sealing.fresh())
    try:
        os.link(draft, keyring.path())
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def renew(*, by: Actor, at: dt.datetime) -> Ring:
    """Put a new key in force; the ones before go on opening what they sealed."""
    return _replace(sealing.renewed(keyring.ring()))


def retire(*, kept: frozenset[str], by: Actor, at: dt.datetime) -> Ring:
    """Let no key but the kept ones and the one in force open anything any more."""
    return _replace(sealing.retiring(keyring.ring(), kept))


def _replace(ring: Ring) -> Ring:
    if settings.PERSONAL_KEYS:
        sentence = _("The keys of personal data are in PERSONAL_KEYS: whoever keeps the environment replaces them.")
        raise Refused(sentence, code="personal_keys_elsewhere")
    _draft(ring).replace(keyring.path())
    return ring


def _draft(ring: Ring) -> Path:
    """The ring in a file beside the one in force, for its owner alone."""
    path = keyring.path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(sealing.written(ring))
        file.flush()
        os.fsync(file.fileno())
    return draft
