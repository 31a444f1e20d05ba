"""Passwords: held against the policy, changed by their owners."""

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.access.actions import ending, proofs
from apps.access.models import User
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def change(*, user: User, old: str, new: str, session: str = "", by: User, at: dt.datetime) -> None:
    """Take a new password in place of the old one, which must be known; every session of theirs but one ends."""
    proofs.prove(
        action="access.confirm_password",
        user=user,
        username=user.username,
        proof=lambda: user.check_password(old),
        otherwise=Refused(_("The password is wrong."), code="wrong_credentials"),
        sentence="Confirmed the password.",
        by=by,
        at=at,
    )
    with audit.operation("access.change_password", by=by, at=at, on=user) as op:
        check(new, user, by=by, at=at)
        if user.check_password(new):
            raise Refused(_("The new password is the old one."), code="password_same")
        user.set_password(new)
        user.save(update_fields=["password"])
        ending.end_all(user=user, but=session, by=by, at=at)
        op.sentence = "Changed the password."


def check(password: str, user: User, *, by: Actor, at: dt.datetime) -> None:
    """Refuse a password that is short, common, all digits, or like the person's own names."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="password_weak") from error
