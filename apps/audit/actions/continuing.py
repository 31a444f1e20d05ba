"""Going on after a restore or the loss of the key, by an operator's decision that the book itself keeps.

After a logical restore the same tree goes on: writers are held, every event that no batch holds is listed in one, and
what is written from then on is told apart by its number. A tree that is smaller than what was published, or whose key
is lost, is never signed again: a new one begins, whose first leaf names the old one. Runs as the owner of the tables.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import DatabaseError, connections
from psycopg.errors import LockNotAvailable

from apps.audit.actions import keys as held
from apps.audit.actions import operations, sealing
from apps.audit.actions.operations import OpenOperation
from apps.audit.domain.note import Checkpoint
from apps.audit.queries import keys, seals, witnesses
from apps.audit.queries.seals import Batch, Span
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.sql import load
from apps.core.texts import gettext as _

PATIENCE = "60s"  # for writers to end


@dataclass(frozen=True, slots=True)
class Continued:
    """What was done: the events that no batch held, the origin that grows now and the size of its tree."""

    events: int
    origin: str
    size: int


def go_on(
    *,
    new_origin: bool = False,
    new_key: bool = False,
    reason: str,
    by: Actor,
    at: dt.datetime,
    using: str = "owner",
) -> Continued:
    """Go on where the sealer refuses to: with the same tree in another cluster, or with a new origin or key.

    Refused where nothing has to be decided, where the tree is not the published one and no new origin is asked for, and
    where the key is lost and no new key is asked for; a new key always comes with a new origin.
    """
    if not reason.strip():
        raise Refused(_("Say why: the trail keeps the reason."), code="reason_missing")
    new_origin = new_origin or new_key
    with sealing.alone(by=by, at=at, using=using):
        end = seals.last(using)
        if end is None:
            raise Refused(_("Nothing is sealed yet: there is nothing to continue."), code="nothing_sealed")
        if _is_cut_off(using):
            return _finish(end, by, at, using)
        known = _last_known(end, using, new_origin=new_origin)
        _check_key(new_key=new_key)
        if not new_origin:
            _check_needed(end, using)
        with operations.operation("trail.restored", by=by, at=at, reason=reason.strip(), using=using) as op:
            floor = _hold_writers(using)
            left = [seq for (seq,) in seals.rows(using, load("audit", "uncovered"), {"above": end.above_seq})]
            _describe(op, end, known, len(left), using, new_origin=new_origin, new_key=new_key, by=by, at=at)
            seq = op.enter_now()
            members = [seq, *left] if new_origin else sorted([seq, *left])
            if new_origin:
                values = (at, known.origin, known.size, known.root)
                with connections[using].cursor() as cursor:
                    cursor.execute(load("audit", "begin_book"), values)
            span = Span(seals.cluster(using), floor, 0, 0, members)
            begun = sealing.enter(end=None if new_origin else end, span=span, by=by, at=at, using=using)
        if new_key:
            held.hand_over(origin=known.origin, size=known.size, by=by, at=at)
        sealing.sign(end=begun, by=by, at=at, using=using)
        return Continued(len(left), seals.origin(using), begun.size)


def _is_cut_off(using: str) -> bool:
    """Whether an earlier attempt began the tree that grows, and was cut off before it was signed."""
    return len(seals.books(using)) > 1 and seals.checkpoint(using) is None


def _finish(end: Batch, by: Actor, at: dt.datetime, using: str) -> Continued:
    """Go on with the tree that an earlier attempt began: put its key in force where it has one of its own, and sign."""
    begun, named = seals.books(using)[-1], seals.first_detail(using)
    assert begun.old is not None
    if "key" in named and keys.next_path().exists():
        held.hand_over(origin=begun.old.origin, size=begun.old.size, by=by, at=at)
    sealing.sign(end=end, by=by, at=at, using=using)
    return Continued(int(named.get("events", 0)), begun.origin, end.size)


def _last_known(end: Batch, using: str, *, new_origin: bool) -> Checkpoint:
    """The largest checkpoint of the tree that anybody may hold; refused where the tree has not grown out of it."""
    largest = Checkpoint(seals.origin(using), end.size, end.root)
    for known, wrong in witnesses.heard(end, using):
        if wrong and not new_origin:
            sentence = _("The tree cannot go on: %(what)s. Only a new origin can (--new-origin).")
            raise Refused(sentence % {"what": wrong}, code="tree_inconsistent")
        if known is not None and known.size >= largest.size and known.origin == largest.origin:
            largest = known
    return largest


def _check_key(*, new_key: bool) -> None:
    if new_key:
        return
    try:
        keys.private()
    except Refused as refusal:
        words = {"why": refusal.sentence}
        raise Refused(_("%(why)s If it cannot be found, begin with --new-key.") % words, code=refusal.code) from refusal


def _check_needed(end: Batch, using: str) -> None:
    _first, _open, next_ = seals.next_transaction(end.high, end.above_seq, using)
    if end.cluster == seals.cluster(using) and end.high <= next_:
        raise Refused(_("The trail goes on by itself here: there is nothing to decide."), code="nothing_to_continue")


def _hold_writers(using: str) -> int:
    """Hold every writer until the end of the transaction; returns the highest number that was drawn."""
    seals.rows(using, "select set_config('lock_timeout', %(patience)s, true)", {"patience": PATIENCE})
    try:
        with connections[using].cursor() as cursor:
            cursor.execute(load("audit", "hold_writers"))
    except DatabaseError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        sentence = _("Somebody has been writing for longer than a minute; stop the product and try again.")
        raise Refused(sentence, code="writers") from None
    ((floor,),) = seals.rows(using, "select last_value from audit.seq")
    ((highest,),) = seals.rows(
        using, "select greatest((select max(seq) from audit.operation), (select max(seq) from audit.change))"
    )
    if highest is not None and highest > floor:
        words = {"highest": highest, "floor": floor}
        raise Refused(
            _("The restored sequence audit.seq stands at %(floor)s, below event %(highest)s: set it first.") % words,
            code="sequence_behind",
        )
    return int(floor)


def _describe(
    op: OpenOperation,
    end: Batch,
    known: Checkpoint,
    left: int,
    using: str,
    *,
    new_origin: bool,
    new_key: bool,
    by: Actor,
    at: dt.datetime,
) -> None:
    old = {"origin": known.origin, "size": known.size, "root": known.root.hex(), "sealed_here": end.size}
    clusters = {"old": str(end.cluster), "new": str(seals.cluster(using))}
    op.detail = {"clusters": clusters, "events": left, "new_origin": new_origin, "old": old}
    how = "A new tree begins after" if new_origin else "The same tree goes on in another cluster after"
    op.sentence = f"{how} {known.size} events of {known.origin}; {left} events that no seal held are sealed."
    if new_key:
        _private, key = held.prepare(by=by, at=at)
        op.detail["key"] = key.text
        op.sentence += " A new key signs."
