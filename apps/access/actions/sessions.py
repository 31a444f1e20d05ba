"""Coming, going and being turned away, as the trail holds them."""

import datetime as dt

from django.contrib.auth.hashers import make_password

from apps.access.actions import proofs
from apps.access.models import Session, User
from apps.access.queries import sessions as queries
from apps.audit import actions as audit
from apps.audit.domain.envelope import Decision
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def log_in(*, username: str, password: str, by: Actor, at: dt.datetime) -> User:
    """The user whom the password proves; a failed attempt is refused, counted and kept, without what was typed."""
    user = User.objects.filter(username=username).first()
    otherwise = Refused(_("The user name and the password do not match."), code="wrong_credentials")

    def proof() -> bool:
        if user is None:
            make_password(password)  # as slow as for somebody who exists
        return user is not None and user.check_password(password) and user.is_active

    proofs.prove(
        action="access.log_in",
        user=user,
        username=username,
        proof=proof,
        otherwise=otherwise,
        sentence="Logged in.",
        by=by,
        at=at,
    )
    assert user is not None
    return user


def log_out(*, by: User, at: dt.datetime) -> None:
    """Enter that the user left."""
    audit.record("access.log_out", by=by, at=at, on=by, sentence="Logged out.")


def touch(*, session: Session, address: str, agent: str, by: User, at: dt.datetime) -> None:
    """Note that a session is used, which moves its end on; one that was ended meanwhile stays ended."""
    session.seen_at, session.address, session.agent = at, address, agent
    session.expire_date = queries.ends_at(session, by, at)
    Session.objects.filter(pk=session.pk).update(
        seen_at=at, address=address, agent=agent, expire_date=session.expire_date
    )


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


def turned_away(*, address: str, refusal: Refused, by: User, at: dt.datetime) -> None:
    """Enter that a page or an endpoint was not for somebody."""
    detail = {"address": address, "refusal": refusal.code}
    audit.record("access.open", by=by, at=at, decision=Decision.DENY, sentence=refusal.sentence, detail=detail)


def choose_language(*, language: str, by: User, at: dt.datetime) -> None:
    """Keep the language in which the user reads."""
    with audit.operation("access.choose_language", by=by, at=at, on=by) as op:
        op.nothing_happened = not User.objects.filter(pk=by.pk).exclude(language=language).update(language=language)
        op.sentence, op.detail = f"Chose the language {language}.", {"language": language}
