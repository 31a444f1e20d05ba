"""Hiring the demo's cast."""

import datetime as dt

from apps.access.actions import staff
from apps.access.models import Team, User
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.demo.domain.staff import CAST, PASSWORD


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
            op.sentence = f"Hired {len(missing)} fictitious colleagues."
    return hired
