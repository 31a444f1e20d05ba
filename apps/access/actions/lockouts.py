"""Failed log-ins are counted; after too many the log-in is shut for ever longer, until somebody opens it."""

import datetime as dt
import math
from collections.abc import Sequence

from django.db import connection

from apps.access.domain import lockout
from apps.access.domain.lockout import Place
from apps.access.models import Lockout
from apps.access.queries import lockouts
from apps.access.queries.lockouts import Door
from apps.audit import actions as audit
from apps.audit.domain.envelope import Decision
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.core.texts import ngettext

ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def approach(*, doors: Sequence[Door], by: Actor, at: dt.datetime) -> None:
    """Stand in line, so that many attempts at once are counted one by one; refused where a door is shut."""
    with connection.cursor() as cursor:
        for door in doors:
            cursor.execute(ONE_BY_ONE, [f"access.lockout {door.place} {door.key}"])
    for door in doors:
        found = lockouts.at_door(door).filter(until__gt=at).first()
        if found is not None and found.until is not None:
            minutes = math.ceil((found.until - at).total_seconds() / 60)
            sentence = ngettext(
                "There were too many failed attempts. Try again in a minute.",
                "There were too many failed attempts. Try again in %(minutes)s minutes.",
                minutes,
            )
            raise Refused(sentence % {"minutes": minutes}, code="locked_out")


def failed(*, doors: Sequence[Door], by: Actor, at: dt.datetime) -> None:
    """Count a failure at every door, and shut those that have seen too many."""
    for door in doors:
        found = lockouts.at_door(door).select_for_update().first()
        failures = lockout.counted(found.failures if found else 0, found.failed_at if found else None, at)
        waiting = lockout.wait(door.place, failures)
        until = at + waiting if waiting else None
        values = {"failures": failures, "failed_at": at, "until": until}
        kept, _made = Lockout.objects.update_or_create(
            place=door.place, key=door.key, defaults=values, create_defaults={**values, "user": door.user}
        )
        if until is not None:
            detail = {"failures": failures, "until": until.isoformat(timespec="seconds")}
            person = door.place == Place.PERSON
            sentence = _("The log-in of this person is shut.") if person else _("The log-in from this address is shut.")
            audit.record(
                "session.locked_out", by=by, at=at, on=kept, decision=Decision.DENY, sentence=sentence, detail=detail
            )


def passed(*, doors: Sequence[Door], by: Actor, at: dt.datetime) -> None:
    """Forget the person's failures; those of the address stay, or one account would open it for all others."""
    for door in doors:
        if door.place == Place.PERSON:
            lockouts.at_door(door).delete()


def unlock(*, lockout: Lockout, by: Actor, at: dt.datetime) -> None:
    """Open a door before its time and forget its failures."""
    with audit.operation("session.unlock", by=by, at=at, on=lockout) as op:
        held = Lockout.objects.select_for_update().filter(pk=lockout.pk, until__gt=at).first()
        if held is None:
            raise Refused(_("That log-in is open already."), code="not_locked")
        op.sentence = "Opened the log-in again."
        op.detail = {"place": held.place, "failures": held.failures}
        held.delete()
