"""Taking every second factor of somebody away."""

import datetime as dt

from apps.access.actions import ending
from apps.access.models import Authenticator, Passkey, RecoveryCode, User
from apps.audit import actions as audit
from apps.core.domain.actor import Actor


def reset(*, user: User, by: Actor, at: dt.datetime) -> None:
    """Take every second factor away and end what is open; where a role asks for one, the next log-in sets it up."""
    with audit.operation("access.factor.reset", by=by, at=at, on=user) as op:
        Authenticator.objects.filter(user=user).delete()
        Passkey.objects.filter(user=user).delete()
        RecoveryCode.objects.filter(user=user).delete()
        ending.end_all(user=user, by=by, at=at)
        op.sentence = f"Reset the second factors of {user.username}."
