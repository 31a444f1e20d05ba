"""Somebody leaves: from that moment nothing of theirs opens a door."""

import datetime as dt

from apps.access.actions import ending, tokens
from apps.access.models import Lockout, RoleGrant, User
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _


def dismiss(*, user: User, reason: str, by: Actor, at: dt.datetime) -> None:
    """End somebody's roles and every way in; the person stays in the book."""
    with audit.operation("access.staff.dismiss", by=by, at=at, on=user, reason=reason) as op:
        held = User.objects.select_for_update().get(pk=user.pk)
        if by.actor_id == held.actor_id:
            raise Forbidden(_("Nobody dismisses themselves."), code="own_dismissal")
        if not reason.strip():
            raise Refused(_("A dismissal needs a reason."), code="reason_missing")
        if not held.is_active:
            raise Refused(_("%(name)s has left already.") % {"name": held.name}, code="left_already")
        held.is_active = False
        held.save(update_fields=["is_active"])
        roles = RoleGrant.objects.filter(user=held, ended_at=None)
        codes = sorted(roles.values_list("role__code", flat=True))
        roles.update(ended_at=at)
        ending.end_all(user=held, by=by, at=at)
        tokens.revoke_all(user=held, by=by, at=at)
        Lockout.objects.filter(user=held).delete()
        op.sentence, op.detail = f"Dismissed {held.username}.", {"roles": codes}
