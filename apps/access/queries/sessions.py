"""Who has what open."""

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet

from apps.access.domain import presence
from apps.access.domain.permissions import Permission
from apps.access.models import RoleGrant, Session, User
from apps.access.queries import people


def of(user: User, at: dt.datetime) -> QuerySet[Session]:
    """What somebody has open now, the last used first."""
    return Session.objects.select_related("user").filter(user=user, expire_date__gt=at).order_by("-seen_at", "pk")


def visible_to(user: User, at: dt.datetime) -> QuerySet[Session]:
    """Everybody's for whoever looks after them, else one's own."""
    if not people.holds(user, Permission.STAFF_MANAGE):
        return of(user, at)
    everybody = Session.objects.select_related("user").filter(user__isnull=False, expire_date__gt=at)
    return everybody.order_by("-seen_at", "pk")


def idle_of(user: User) -> dt.timedelta:
    """For how long nothing may happen in a session of theirs."""
    said = RoleGrant.objects.filter(user=user, ended_at=None).values_list("role__idle_minutes", flat=True)
    return presence.idle(said, dt.timedelta(minutes=settings.SESSION_IDLE_MINUTES))


def ends_at(session: Session, user: User, at: dt.datetime) -> dt.datetime:
    """When a session that is used now ends."""
    lifetime = dt.timedelta(hours=settings.SESSION_LIFETIME_HOURS)
    return presence.ends_at(session.started_at, at, idle_of(user), lifetime)
