"""Tokens of the API: made, used, turned away, revoked."""

import datetime as dt
import secrets
from collections.abc import Collection

from apps.access.domain import tokens as domain
from apps.access.domain.permissions import Permission
from apps.access.domain.tokens import Fault
from apps.access.models import ApiToken, ApiTokenUse, User
from apps.access.queries import people, tokens, wording
from apps.audit import actions as audit
from apps.audit.domain.envelope import Decision
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _


def make(*, name: str, scopes: Collection[Permission], days: int, by: User, at: dt.datetime) -> tuple[ApiToken, str]:
    """A token for some of one's own permissions; with the token itself, to be shown this once."""
    with audit.operation("access.token.make", by=by, at=at) as op:
        lacking = [scope for scope in scopes if not people.holds(by, scope)]
        if lacking:
            words = {"permission": wording.permission(lacking[0])}
            raise Forbidden(_("You do not hold “%(permission)s”, so no token of yours can.") % words, code="scope")
        if not scopes:
            raise Refused(_("A token needs a permission."), code="scope_missing")
        lasts = dt.timedelta(days=days)
        if not dt.timedelta() < lasts <= domain.LONGEST:
            sentence = _("A token lasts a day at least and %(days)s days at most.")
            raise Refused(sentence % {"days": domain.LONGEST.days}, code="too_long")
        token = domain.PREFIX + secrets.token_urlsafe(domain.SECRET_BYTES)
        made = ApiToken.objects.create(
            user=by,
            name=name,
            digest=domain.digest(token),
            scopes=sorted({*scopes, Permission.API_READ}),
            made_at=at,
            expires_at=at + lasts,
        )
        op.on, op.sentence = made, f"Made the token {name}."
        op.detail = {"scopes": made.scopes, "days": days}
    return made, token


def revoke(*, token: ApiToken, by: User, at: dt.datetime) -> None:
    """Let a token open nothing any more: one's own, or somebody's whom one looks after."""
    with audit.operation("access.token.revoke", by=by, at=at, on=token) as op:
        if not tokens.visible_to(by).filter(pk=token.pk).update(revoked_at=at):
            raise Refused(_("That token is revoked already."), code="token_revoked")
        op.sentence = f"Revoked the token {token.name}."


def revoke_all(*, user: User, by: Actor, at: dt.datetime) -> int:
    """Let none of somebody's tokens open anything any more; returns how many that were."""
    with audit.operation("access.token.revoke_all", by=by, at=at, on=user) as op:
        count = ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
        op.sentence, op.nothing_happened = f"Revoked {count} tokens.", not count
    return count


def used(*, token: ApiToken, address: str, by: User, at: dt.datetime) -> None:
    """Note that a token was used, at most once a minute."""
    last = getattr(token, "use", None)
    if last is None or at - last.used_at >= domain.NOTED_AFTER:
        ApiTokenUse.objects.update_or_create(token=token, defaults={"used_at": at, "address": address})


def turned_away(*, token: ApiToken | None, fault: Fault, by: Actor, at: dt.datetime) -> None:
    """Enter that a token opened nothing."""
    said = tokens.sentence(fault)
    detail = {"refusal": fault.value}
    audit.record("access.token.use", by=by, at=at, on=token, decision=Decision.DENY, sentence=said, detail=detail)
