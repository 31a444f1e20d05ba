"""Locking secrets, and the keys that do it: files, and no part of the database."""

import contextlib
import datetime as dt
import os
import secrets
from collections.abc import Callable

from apps.access.domain import locker as domain
from apps.access.models import Authenticator
from apps.access.queries import factors, locker
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def lock(secret: bytes, *, about: str, by: Actor, at: dt.datetime) -> str:
    """The secret as it may lie in a table; the first key is made where there is none."""
    if not locker.is_there():
        _write(domain.line(1, secrets.token_bytes(domain.KEY)))
    return locker.ring().lock(secret, about=about, nonce=secrets.token_bytes(domain.NONCE))


def renew(*, by: Actor, at: dt.datetime) -> int:
    """Add a key of the next version, with which everything is locked from now on; returns the version."""
    if not locker.path().exists():
        raise Refused(_("The keys are in the environment: add the new one there."), code="key_elsewhere")
    with audit.operation("access.renew_key", by=by, at=at) as op:
        version = locker.ring().newest + 1
        with locker.path().open("a", encoding="utf-8") as file:
            file.write(domain.line(version, secrets.token_bytes(domain.KEY)))
        op.sentence, op.detail = f"Added key {version}, which locks secrets from now on.", {"version": version}
    return version


def lock_anew(*, by: Actor, at: dt.datetime, progress: Callable[[int], object] = lambda _done: None) -> int:
    """Lock every secret with the newest key; returns how many. Killed anywhere, it goes on when run again."""
    newest, done = locker.ring().newest, 0
    for key in Authenticator.objects.exclude(secret__startswith=f"{newest}:").values_list("pk", flat=True):
        with audit.operation("access.lock_anew", by=by, at=at) as op:
            held = Authenticator.objects.select_for_update().select_related(None).filter(pk=key).first()
            op.on, op.sentence = held, f"Locked a secret with key {newest}."
            op.nothing_happened = held is None
            if held is not None:
                about = factors.about(held.user_id)
                held.secret = lock(locker.opened(held.secret, about=about), about=about, by=by, at=at)
                held.save(update_fields=["secret"])
                done += 1
        progress(done)
    return done


def _write(text: str) -> None:
    """Keep the first key, readable by its owner alone; whoever comes second takes the first one's."""
    path = locker.path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
