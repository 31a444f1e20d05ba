"""The keys of personal data, in a file outside the database or in the environment."""

from functools import cache
from pathlib import Path
from typing import NoReturn

from django.conf import settings

from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.domain import sealing
from apps.customers.domain.sealing import Ring, Unsealable


def path() -> Path:
    """Where the keys are, unless the environment holds them."""
    return Path(settings.PERSONAL_KEY_FILE)


def is_there() -> bool:
    """Whether there are keys."""
    return bool(settings.PERSONAL_KEYS) or path().exists()


def ring() -> Ring:
    """The keys as they are now; refused where they are lost or cannot be read."""
    if settings.PERSONAL_KEYS:
        return _read(settings.PERSONAL_KEYS, 0)
    try:
        changed = path().stat().st_mtime_ns
    except OSError:
        raise Refused(
            _("The keys of personal data are lost: there is no %(path)s.") % {"path": path()}, code="personal_keys_lost"
        ) from None
    return _read(str(path()), changed)


def seal(clear: str, purpose: str) -> str:
    """A value sealed for a purpose."""
    return ring().seal(clear, purpose)


def unseal(token: str, purpose: str) -> str:
    """What was sealed for the purpose; refused with the reason where it does not open."""
    try:
        return ring().open(token, purpose)
    except Unsealable as why:
        _refuse(why)


@cache
def _read(source: str, changed: int) -> Ring:
    try:
        return sealing.read(Path(source).read_text(encoding="utf-8") if changed else source)
    except Unsealable as why:
        _refuse(why)


def _refuse(why: Unsealable) -> NoReturn:
    place = "PERSONAL_KEYS" if settings.PERSONAL_KEYS else path()
    sentences = {
        "personal_malformed": _("A personal value is not sealed as ours are."),
        "personal_key_retired": _("A personal value is sealed under the key %(key)s, which is retired."),
        "personal_key_unknown": _("A personal value is sealed under the key %(key)s, which is not in %(place)s."),
        "personal_altered": _("A personal value was altered, or moved here from another row or column."),
        "personal_keys_unreadable": _("The keys of personal data in %(place)s cannot be read."),
    }
    raise Refused(sentences[why.code] % {"key": why.key, "place": place}, code=why.code) from None
