"""The keys that lock secrets: a file outside the database, or the environment."""

from collections import Counter
from pathlib import Path

from django.conf import settings

from apps.access.domain import locker
from apps.access.domain.locker import Ring, Unopened
from apps.access.models import Authenticator
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def path() -> Path:
    """Where the keys are, unless the environment holds them."""
    return Path(settings.SECRETS_KEY_FILE)


def is_there() -> bool:
    """Whether there is a key."""
    return bool(settings.SECRETS_KEYS) or path().exists()


def ring() -> Ring:
    """All keys that are kept; refused where there is none, or something else in its place."""
    try:
        text = settings.SECRETS_KEYS.replace(",", "\n") or path().read_text(encoding="utf-8")
        return locker.read(text)
    except (OSError, ValueError) as error:
        raise Refused(_("The keys that lock secrets cannot be read."), code="key_unreadable") from error


def opened(locked: str, *, about: str) -> bytes:
    """A secret; refused where its key is gone or it is not what it is taken for."""
    try:
        return ring().open(locked, about=about)
    except Unopened as error:
        if error.version is not None:
            sentence = _("The key %(version)s that locked this secret is no longer kept.") % {"version": error.version}
            raise Refused(sentence, code="key_expired") from error
        raise Refused(_("This secret was not locked by us."), code="secret_foreign") from error


def by_version() -> dict[int, int]:
    """How many secrets each key has locked."""
    locked = Authenticator.objects.values_list("secret", flat=True)
    return dict(Counter(locker.version_of(secret) for secret in locked))
