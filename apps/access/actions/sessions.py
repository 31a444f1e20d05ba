"""Coming, going and being turned away, as the trail holds them."""

import datetime as dt

from django.contrib.auth.hashers import make_password

from apps.access.actions import factors, proofs
from apps.access.domain.ceremony import Answer
from apps.access.models import Session, User
from apps.access.queries import factors as held
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

    second = user is not None and held.of(user).are_there

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
        sentence="Gave the right password; a second factor is asked for." if second else "Logged in.",
        by=by,
        at=at,
        is_last=not second,
    )
    assert user is not None
    return user


def log_out(*, by: User, at: dt.datetime) -> None:
    """Enter that the user left."""
    audit.record("access.log_out", by=by, at=at, on=by, sentence="Logged out.")


def confirm(
    *,
    session: Session,
    user: User,
    code: str = "",
    answer: Answer | None = None,
    password: str = "",
    by: User,
    at: dt.datetime,
) -> None:
    """Note that the owner of a session proved again who they are: by a second factor where there is one."""
    if held.of(user).are_there:
        factors.give(user=user, code=code, answer=answer, by=by, at=at)
    else:
        proofs.prove(
            action="access.confirm_password",
            user=user,
            username=user.username,
            proof=lambda: user.check_password(password),
            otherwise=Refused(_("The password is wrong."), code="wrong_credentials"),
            sentence="Confirmed the password.",
            by=by,
            at=at,
        )
    session.confirmed_at = at
    Session.objects.filter(pk=session.pk).update(confirmed_at=at)


def touch(*, session: Session, address: str, agent: str, by: User, at: dt.datetime) -> None:
    """Note that a session is used, which moves its end on; one that was ended meanwhile stays ended."""
    session.seen_at, session.address, session.agent = at, address, agent
    session.expire_date = queries.ends_at(session, by, at)
    Session.objects.filter(pk=session.pk).update(
        seen_at=at, address=address, agent=agent, expire_date=session.expire_date
    )


def turned_away(*, address: str, refusal: Refused, by: User, at: dt.datetime) -> None:
    """Enter that a page or an endpoint was not for somebody."""
    detail = {"address": address, "refusal": refusal.code}
    audit.record("access.open", by=by, at=at, decision=Decision.DENY, sentence=refusal.sentence, detail=detail)


def choose_language(*, language: str, by: User, at: dt.datetime) -> None:
    """Keep the language in which the user reads."""
    with audit.operation("access.choose_language", by=by, at=at, on=by) as op:
        op.nothing_happened = not User.objects.filter(pk=by.pk).exclude(language=language).update(language=language)
        op.sentence, op.detail = f"Chose the language {language}.", {"language": language}
