"""Renewing the key that signs checkpoints: the old key and the new one sign one checkpoint together, and no other."""

import datetime as dt
from dataclasses import dataclass

from apps.audit.actions import keys as held
from apps.audit.actions import operations, sealing
from apps.audit.domain import note
from apps.audit.domain.note import Verifier
from apps.audit.queries import keys, seals
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

PATIENCE = 20.0  # seconds for the event of the renewal to be sealed


@dataclass(frozen=True, slots=True)
class Renewed:
    """The key that is in force now, and the size of the tree at which it took over."""

    verifier: Verifier
    size: int


def renew(*, reason: str, by: Actor, at: dt.datetime, using: str = "default") -> Renewed:
    """Put a new key in force. An attempt that was cut off is gone on with; a lost key is another matter (`continuing`).

    Refused where the old key is not there to vouch for the new one, and where nothing was ever sealed.
    """
    if not reason.strip():
        raise Refused(_("Say why: the trail keeps the reason."), code="reason_missing")
    with sealing.alone(by=by, at=at, using=using):
        before = seals.last(using)
        if before is None:
            raise Refused(_("Nothing is sealed yet: the first key is made with the first seal."), code="nothing_sealed")
        successor, verifier = held.prepare(by=by, at=at)
        if keys.known()[-1].verifier != verifier:
            old = note.verifier_of(keys.name(), keys.private())
            with operations.operation("trail.key_renewed", by=by, at=at, reason=reason.strip(), using=using) as op:
                op.sentence = f"The key {old.name}+{old.key_id.hex()} hands over to {verifier.key_id.hex()}."
                op.detail = {"old": old.text, "new": verifier.text}
            end = sealing.advance(end=before, seconds=PATIENCE, by=by, at=at, using=using)
            if end is None or end.size == before.size:
                raise Refused(_("Somebody is writing: the renewal is not sealed yet. Try again."), code="writers")
            sealing.sign(end=end, successor=successor, by=by, at=at, using=using)
            before = end
        held.hand_over(origin=seals.origin(using), size=before.size, by=by, at=at)
        return Renewed(verifier, before.size)
