"""Second factors: set up, given at the door, taken away."""

import datetime as dt
import secrets
from base64 import b32encode

from apps.access.actions import locker, proofs, signing
from apps.access.domain import one_time
from apps.access.domain.ceremony import Answer
from apps.access.models import Authenticator, RecoveryCode, User
from apps.access.queries import factors
from apps.access.queries import locker as keys
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def begin(*, user: User, by: User, at: dt.datetime) -> str:
    """Make the secret of a new authenticator app, which counts once it has shown a code; returns it to be scanned."""
    with audit.operation("access.factor.begin", by=by, at=at, on=user) as op:
        if Authenticator.objects.filter(user=user, confirmed_at__isnull=False).exists():
            raise Refused(_("You have set up an authenticator app already."), code="factor_there")
        secret = b32encode(secrets.token_bytes(one_time.SECRET_BYTES)).decode()
        locked = locker.lock(secret.encode(), about=factors.about(user), by=by, at=at)
        Authenticator.objects.filter(user=user).delete()
        Authenticator.objects.create(user=user, secret=locked, made_at=at)
        op.sentence = "Began to set up an authenticator app."
    return secret


def confirm(*, user: User, code: str, by: User, at: dt.datetime) -> list[str]:
    """Let the new app count once it shows the right code; recovery codes come with the first second factor, once."""
    with audit.operation("access.factor.confirm", by=by, at=at, on=user) as op:
        app = Authenticator.objects.select_for_update().filter(user=user, confirmed_at=None).first()
        step = None if app is None else one_time.step_of(_secret(app), code, at, after=None)
        if app is None or step is None:
            sentence = _("That is not the code which the app shows now; is the clock of the telephone right?")
            raise Refused(sentence, code="wrong_code")
        app.confirmed_at, app.last_step = at, step
        app.save(update_fields=["confirmed_at", "last_step"])
        op.sentence = "Set up an authenticator app."
        is_first = factors.of(user).count == 1
        return renew_codes(user=user, by=by, at=at) if is_first else []


def renew_codes(*, user: User, by: User, at: dt.datetime) -> list[str]:
    """Ten new recovery codes in place of the old ones, to be shown this once."""
    with audit.operation("access.factor.renew_codes", by=by, at=at, on=user) as op:
        if not factors.of(user).are_there:
            raise Refused(_("Recovery codes stand in for a second factor; set one up first."), code="factor_missing")
        size, count = one_time.RECOVERY_BYTES, one_time.RECOVERY_CODES
        made = [b32encode(secrets.token_bytes(size)).decode() for _ in range(count)]
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=user, digest=one_time.recovery_digest(code), made_at=at) for code in made
        )
        op.sentence = "Made new recovery codes."
    return [one_time.grouped(code) for code in made]


def give(*, user: User, code: str = "", answer: Answer | None = None, by: Actor, at: dt.datetime) -> None:
    """Prove with a passkey, a code of the app or one from paper; refused where it is wrong or was used before."""
    otherwise = Refused(_("The code is wrong, or was used before."), code="wrong_code")
    if answer is not None:
        otherwise = Refused(_("That passkey does not open this door."), code="wrong_passkey")

    def proof() -> bool:
        if not user.is_active:
            return False
        if answer is not None:
            return signing.signs(user=user, answer=answer, by=by, at=at)
        return _app_shows(user, code, at) or _is_on_paper(user, code, at)

    proofs.prove(
        action="access.second_factor",
        user=user,
        username=user.username,
        proof=proof,
        otherwise=otherwise,
        sentence="Gave a second factor.",
        by=by,
        at=at,
    )


def remove_app(*, user: User, by: User, at: dt.datetime) -> None:
    """Take one's own app away; refused where a role asks for a second factor and it is the only one."""
    with audit.operation("access.factor.remove", by=by, at=at, on=user) as op:
        held = factors.of(user)
        if held.authenticator is None:
            raise Refused(_("There is no authenticator app."), code="factor_missing")
        if held.is_required and held.count == 1:
            raise Refused(_("A role of yours asks for a second factor, and this is the only one."), code="factor_last")
        held.authenticator.delete()
        if held.count == 1:
            RecoveryCode.objects.filter(user=user).delete()
        op.sentence = "Removed the authenticator app."


def _app_shows(user: User, code: str, at: dt.datetime) -> bool:
    app = Authenticator.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
    step = None if app is None else one_time.step_of(_secret(app), code, at, after=app.last_step)
    if app is None or step is None:
        return False
    app.last_step = step
    app.save(update_fields=["last_step"])
    return True


def _is_on_paper(user: User, code: str, at: dt.datetime) -> bool:
    found = RecoveryCode.objects.filter(user=user, digest=one_time.recovery_digest(code), used_at=None)
    return found.update(used_at=at) == 1


def _secret(app: Authenticator) -> str:
    return keys.opened(app.secret, about=factors.about(app.user)).decode()
