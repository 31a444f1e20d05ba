"""Sessions that end before their time, and what has ended by itself."""

import datetime as dt

from apps.access.models import Session, User
from apps.access.queries import sessions as queries
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def end(*, session: Session, by: User, at: dt.datetime) -> None:
    """End a session before its time: one's own, or somebody's whom one looks after."""
    with audit.operation("session.end", by=by, at=at, on=session.user) as op:
        if not queries.visible_to(by, at).filter(pk=session.pk).exists():
            raise Refused(_("That session has ended already."), code="session_ended")
        Session.objects.filter(pk=session.pk).delete()
        op.sentence = "Ended a session."
        op.detail = {"session": session.pk[:12], "address": session.address}


def end_all(*, user: User, but: str = "", by: Actor, at: dt.datetime) -> int:
    """End everything that somebody has open, but one session where told; returns how many."""
    with audit.operation("session.end_all", by=by, at=at, on=user) as op:
        found = queries.of(user, at).exclude(pk=but)
        count = found.count()
        Session.objects.filter(user=user).exclude(pk=but).delete()
        op.sentence, op.detail = f"Ended {count} sessions.", {"sessions": count}
        op.nothing_happened = not count
    return count


def clear(*, by: Actor, at: dt.datetime) -> int:
    """Throw away what has ended by itself; returns how many."""
    return Session.objects.filter(expire_date__lte=at).delete()[0]
