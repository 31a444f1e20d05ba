"""Somebody proves who they are: one place where attempts are counted, refused and entered in the trail."""

import datetime as dt
from collections.abc import Callable

from apps.access.actions import lockouts
from apps.access.models import User
from apps.access.queries import lockouts as queries
from apps.audit import actions as audit
from apps.audit import registry
from apps.audit.domain.envelope import Decision
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused


def prove(
    *,
    action: str,
    user: User | None,
    username: str,
    proof: Callable[[], bool],
    otherwise: Refused,
    sentence: str,
    by: Actor,
    at: dt.datetime,
    is_last: bool = True,
) -> None:
    """Refuse `otherwise` unless the proof holds; failures are counted, and forgotten with the last proof of several.

    The proof is asked for once nobody else tries the same door, and what it writes belongs to the operation.
    """
    with audit.operation(action, by=by, at=at, on=user) as op:
        doors = queries.doors(user=user, username=username, address=registry.current().address)
        lockouts.approach(doors=doors, by=by, at=at)
        holds = proof()
        if holds and user is not None:
            op.by, op.sentence = user, sentence
            if is_last:
                lockouts.passed(doors=doors, by=by, at=at)
        else:
            lockouts.failed(doors=doors, by=by, at=at)
            op.decision, op.sentence = Decision.DENY, otherwise.sentence
            op.detail = {"refusal": otherwise.code}
    if not holds:
        otherwise.is_recorded = True
        raise otherwise
