"""Keeping what an auditor signed: that they saw a checkpoint of ours at a moment (C2SP tlog-cosignature)."""

import datetime as dt

from django.db import connections

from apps.audit.actions.operations import operation
from apps.audit.domain import note
from apps.audit.domain.note import Unreadable, Verifier
from apps.audit.queries import anchoring, seals
from apps.audit.queries.anchoring import Cosignature
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

SKEW = dt.timedelta(minutes=5)  # between their clock and ours


def cosign(*, text: str, by: Actor, at: dt.datetime, using: str = "default") -> Cosignature:
    """Keep the co-signature of a note; refused unless it is of a checkpoint of ours and by a known co-signer."""
    with operation("trail.cosigned", by=by, at=at, using=using) as op:
        try:
            size = _ours(text, using)
            found = _signature(text, size)
        except Unreadable as error:
            raise Refused(_("The note is refused: %(error)s.") % {"error": error}, code="note_unreadable") from error
        if found.signed_at > at + SKEW:
            raise Refused(_("The note is refused: it was signed in the future."), code="note_of_the_future")
        if any((kept.size, kept.name) == (size, found.name) for kept in anchoring.cosignatures(using)):
            words = {"name": found.name, "size": size}
            raise Refused(_("%(name)s has signed the checkpoint of %(size)s events already.") % words, code="twice")
        with connections[using].cursor() as cursor:
            values = (size, found.name, found.line, found.signed_at, at)
            cursor.execute("select audit.cosign(%s, %s, %s, %s, %s)", values)
        op.sentence = f"{found.name} signed that they saw {size} events at {found.signed_at.isoformat()}."
        op.detail = {"size": size, "name": found.name, "line": found.line}
    return found


def _ours(text: str, using: str) -> int:
    """The size of the checkpoint of ours that the note is of."""
    stated, signed = note.checkpoint(note.split(text)[0]), dict(seals.checkpoints(using))
    origin = seals.origin(using)
    if stated.origin != origin:
        raise Unreadable(f"it is of {stated.origin}, not of {origin}")
    if stated.size not in signed:
        raise Unreadable(f"we signed no checkpoint of {stated.size} events")
    if note.split(signed[stated.size])[0] != note.split(text)[0]:
        raise Unreadable(f"it is of another tree of {stated.size} events")
    return stated.size


def _signature(text: str, size: int) -> Cosignature:
    """The first line of a known co-signer."""
    body, signatures = note.split(text)
    known = {(verifier.name, verifier.key_id): verifier for verifier in anchoring.cosigners()}
    for name, signature in signatures:
        verifier: Verifier | None = known.get((name, signature[:4]))
        if verifier is None:
            continue
        if not verifier.believes(body, signature[4:]):
            raise Unreadable(f"the signature of {name} is false")
        moment = dt.datetime.fromtimestamp(note.moment(signature), dt.UTC)
        return Cosignature(size, name, note.line(verifier, signature[4:]), moment)
    raise Unreadable("no co-signer whom we know signed it")
