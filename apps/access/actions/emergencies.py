"""Taking a role in an emergency: loud, for hours, marked in all that is done, and reviewed by a controller."""

import datetime as dt

from django.db import connection

from apps.access.domain.emergency import LONGEST_HOURS, Finding
from apps.access.models import Emergency, Role, RoleGrant, User
from apps.access.queries import delegations, emergencies, people, wording
from apps.access.queries.days import local_date
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _


def take(*, role: str, hours: int, reason: str, by: User, at: dt.datetime) -> Emergency:
    """Take a role for some hours; refused beside a role that may not meet it, and beside another emergency."""
    with audit.operation("access.emergencies.take", by=by, at=at, reason=reason) as op:
        User.objects.select_for_update().get(pk=by.pk)
        if not reason.strip():
            raise Refused(_("An emergency needs a reason."), code="reason_missing")
        if not 1 <= hours <= LONGEST_HOURS:
            raise Refused(_("A role is taken for 1 to %(hours)s hours.") % {"hours": LONGEST_HOURS}, code="hours")
        if standing := emergencies.live().filter(grant__user=by).first():
            words = {"reference": standing.reference}
            raise Refused(_("Your emergency %(reference)s is still live.") % words, code="live")
        key = _next_key()
        grant = RoleGrant.objects.create(user=by, role=_role(role, by, at), granted_at=at, granted_by=by.actor_id)
        made = Emergency.objects.create(
            pk=key,
            reference=f"E-{key}",
            grant=grant,
            reason=reason.strip(),
            taken_at=at,
            ends_at=at + dt.timedelta(hours=hours),
            review_due_date=emergencies.review_due(local_date(at)),
        )
        op.on = made
        op.sentence = f"Took the role {role} in an emergency for {hours} hours: {made.reference}."
        op.detail = {"reference": made.reference, "role": role, "hours": hours}
    return made


def end(*, reference: str, by: User, at: dt.datetime) -> Emergency:
    """Give the role back before its time."""
    with audit.operation("access.emergencies.end", by=by, at=at) as op:
        found = op.on = _locked(reference)
        if found.person.pk != by.pk:
            raise Forbidden(_("Only whoever took a role in an emergency gives it back."), code="not_theirs")
        if found.grant.ended_at is not None:
            raise Refused(_("Emergency %(reference)s is over already.") % {"reference": reference}, code="over")
        _end(found, at)
        op.sentence = f"Gave the role of {reference} back."
    return found


def end_overdue(*, by: Actor, at: dt.datetime) -> int:
    """Take back every role whose hours are over; returns how many."""
    if not emergencies.overdue(at).exists():
        return 0
    with audit.operation("access.emergencies.end_overdue", by=by, at=at) as op:
        found = list(emergencies.overdue(at).select_for_update(of=("self",), skip_locked=True))
        for emergency in found:
            _end(emergency, at)
        op.sentence = f"Took back {len(found)} roles whose hours were over."
        op.detail = {"references": [emergency.reference for emergency in found]}
        op.nothing_happened = not found
    return len(found)


def alarmed(*, emergency: Emergency, by: Actor, at: dt.datetime) -> None:
    """Note that the controllers were written to."""
    with audit.operation("access.emergencies.alarm", by=by, at=at, on=emergency) as op:
        Emergency.objects.filter(pk=emergency.pk).update(alarmed_at=at)
        op.sentence = f"Told the controllers of {emergency.reference}."


def review(*, reference: str, finding: Finding, note: str, by: User, at: dt.datetime) -> Emergency:
    """Close an emergency that is over with what was found; never by whoever took it or reports to them."""
    with audit.operation("access.emergencies.review", by=by, at=at, reason=note) as op:
        found = op.on = _locked(reference)
        words = {"reference": reference, "name": found.person.name}
        if found.person.pk == by.pk:
            raise Forbidden(_("Nobody reviews their own emergency."), code="own")
        if found.person.pk in people.superiors_of(by):
            raise Forbidden(_("You report to %(name)s and so may not review this.") % words, code="subordinate")
        if found.grant.ended_at is None:
            raise Refused(_("Emergency %(reference)s is still live.") % words, code="live")
        if found.reviewed_at is not None:
            raise Refused(_("Emergency %(reference)s is reviewed already.") % words, code="reviewed")
        if not note.strip():
            raise Refused(_("A review says what was found."), code="note_missing")
        found.reviewed_at, found.reviewed_by, found.finding, found.note = at, by, finding, note.strip()
        found.save(update_fields=["reviewed_at", "reviewed_by", "finding", "note"])
        op.sentence, op.detail = f"Reviewed {reference}: {finding}.", {"finding": finding.value}
    return found


def _role(code: str, by: User, at: dt.datetime) -> Role:
    wanted = Role.objects.filter(code=code).first()
    if wanted is None:
        raise Refused(_("There is no role “%(role)s”.") % {"role": code}, code="role_unknown")
    words = {"role": wording.role(wanted.code, wanted.name), "name": by.name}
    held = {grant.role_id: grant.role for grant in by.grants.filter(ended_at=None).select_related("role")}
    if wanted.pk in held:
        raise Refused(_("%(name)s holds the role %(role)s already.") % words, code="role_held")
    lent = {found.grant.role_id: found.grant.role for found in delegations.live_ones(by, local_date(at))}
    if other := people.incompatible(wanted, lent | held):
        words["other"] = wording.role(other.code, other.name)
        sentence = _("%(name)s holds the role %(other)s, which may not meet %(role)s in one person.") % words
        raise Refused(sentence, code="roles_incompatible")
    return wanted


def _end(emergency: Emergency, at: dt.datetime) -> None:
    emergency.grant.ended_at = at
    emergency.grant.save(update_fields=["ended_at"])


def _locked(reference: str) -> Emergency:
    found = Emergency.objects.select_related("grant__user", "grant__role").select_for_update(of=("self",))
    emergency = found.filter(reference=reference).first()
    if emergency is None:
        raise Refused(_("There is no emergency %(reference)s.") % {"reference": reference}, code="unknown")
    return emergency


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('access_emergency', 'id'))")
        return int(cursor.fetchone()[0])
