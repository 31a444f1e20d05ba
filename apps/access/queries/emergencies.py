"""Roles taken in an emergency: whose are live, which wait for their review, and what was done in them."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as lazy

from apps.access.domain import emergency as domain
from apps.access.domain.emergency import MARK, EmergencyState, Finding
from apps.access.domain.permissions import Permission
from apps.access.models import Emergency, Role, User
from apps.access.queries import people
from apps.audit.queries import trail
from apps.core import registry as core
from apps.core.domain import working_days
from apps.core.domain.working_days import Unpublished

STATES: dict[str, core.Word] = {
    EmergencyState.LIVE: core.Word(lazy("live"), "bad"),
    EmergencyState.UNREVIEWED: core.Word(lazy("to be reviewed"), "warning"),
    EmergencyState.OVERDUE: core.Word(lazy("review overdue"), "bad"),
    EmergencyState.REVIEWED: core.Word(lazy("reviewed"), "good"),
}
FINDINGS: dict[str, core.Word] = {
    Finding.JUSTIFIED: core.Word(lazy("justified"), "good"),
    Finding.UNJUSTIFIED: core.Word(lazy("not justified"), "bad"),
}


def all_of_them() -> QuerySet[Emergency]:
    """Every one with its person and role, the newest first."""
    return Emergency.objects.select_related("grant__user", "grant__role", "reviewed_by").order_by("-pk")


def visible_to(user: User) -> QuerySet[Emergency]:
    """Those that the user may see: all for a controller, their own for anybody else."""
    found = all_of_them()
    return found if people.holds(user, Permission.CONTROL_WATCH) else found.filter(grant__user=user)


def live() -> QuerySet[Emergency]:
    """Those whose role is still held."""
    return all_of_them().filter(reviewed_at=None, grant__ended_at=None)


def overdue(at: dt.datetime) -> QuerySet[Emergency]:
    """Live ones whose hours are over."""
    return live().filter(ends_at__lte=at)


def unreviewed() -> QuerySet[Emergency]:
    """Those that a controller has to close, the oldest first."""
    return all_of_them().filter(reviewed_at=None).order_by("pk")


def unalarmed() -> QuerySet[Emergency]:
    """Those of which the controllers have not been written to."""
    return all_of_them().filter(alarmed_at=None).order_by("pk")


def shown_to(user: User) -> list[Emergency]:
    """What the banner of every page is about: one's own live one, and every live one for a controller."""
    mine = Q() if people.holds(user, Permission.CONTROL_WATCH) else Q(grant__user=user)
    return list(live().filter(mine))


def roles_to_take(user: User) -> list[Role]:
    """The roles that the user may take: those not held that may meet the ones held."""
    held = {grant.role_id: grant.role for grant in user.grants.filter(ended_at=None).select_related("role")}
    free = Role.objects.exclude(pk__in=held).order_by("name")
    return [role for role in free if not people.incompatible(role, held)]


def state(emergency: Emergency, today: dt.date) -> EmergencyState:
    """How far it is."""
    return domain.state(
        is_live=emergency.grant.ended_at is None,
        is_reviewed=emergency.reviewed_at is not None,
        due_date=emergency.review_due_date,
        today=today,
    )


def review_due(taken: dt.date) -> dt.date:
    """The working day by whose end it is to be reviewed; the next day where no calendar is published."""
    try:
        return working_days.on_or_after(taken + dt.timedelta(domain.REVIEW_DAYS))
    except Unpublished:
        return taken + dt.timedelta(domain.REVIEW_DAYS)


def operations(emergency: Emergency) -> QuerySet[Any]:
    """What its person did while it was live, the last first."""
    mark = f"{MARK}{emergency.reference}"
    acting = Q(acting_role__endswith=mark) | Q(acting_role__contains=f"{mark}+")
    return trail.operations().filter(acting, actor=emergency.person.actor_id)
