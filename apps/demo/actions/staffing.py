"""Hiring the demo's cast."""

import datetime as dt

from apps.access.actions import staff
from apps.access.domain.roles import RoleCode
from apps.access.models import Team, User
from apps.audit import actions as audit
from apps.cases.actions import roster as rostering
from apps.cases.actions.roster import Entry
from apps.cases.domain.queues import BY_ROLE
from apps.cases.queries import roster
from apps.core.domain.actor import Actor
from apps.demo.domain.staff import CAST, PASSWORD

ROOM = {RoleCode.AGENT: 120, RoleCode.SENIOR_AGENT: 60}  # open cases at most
LANGUAGES = ("zh", "en")


def hire(*, by: Actor, at: dt.datetime) -> dict[str, User]:
    """Add whoever of the cast does not work here yet; answers with the whole cast by username."""
    hired = {user.username: user for user in User.objects.filter(username__in=[one.username for one in CAST])}
    missing = [one for one in CAST if one.username not in hired]
    if missing:
        with audit.operation("demo.hire", by=by, at=at) as op:
            team, _ = Team.objects.get_or_create(code="collections", defaults={"name": "Collections"})
            for one in missing:
                hired[one.username] = staff.add(
                    username=one.username,
                    name=one.name,
                    password=PASSWORD,
                    roles=[one.role],
                    reports_to=hired.get(one.reports_to),
                    team=team,
                    language=one.language,
                    by=by,
                    at=at,
                )
                if one.role in ROOM:
                    queues = [queue for queue in BY_ROLE[one.role] if queue in roster.queues()]
                    entry = Entry(queues, LANGUAGES, ROOM[one.role])
                    rostering.enter(user=hired[one.username], entry=entry, by=by, at=at)
            op.sentence = f"Hired {len(missing)} fictitious colleagues."
    return hired
