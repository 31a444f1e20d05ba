"""Tokens of the API: whose, for what, until when."""

import datetime as dt

from django.db.models import QuerySet

from apps.access.domain import tokens
from apps.access.domain.permissions import Permission
from apps.access.domain.tokens import Fault
from apps.access.models import ApiToken, User
from apps.access.queries import people
from apps.core.texts import gettext as _


def of(user: User) -> QuerySet[ApiToken]:
    """Somebody's tokens that are not revoked, the newest first."""
    return ApiToken.objects.select_related("use", "user").filter(user=user, revoked_at=None).order_by("-pk")


def visible_to(user: User) -> QuerySet[ApiToken]:
    """Everybody's for whoever looks after them, else one's own."""
    if not people.holds(user, Permission.STAFF_MANAGE):
        return of(user)
    return ApiToken.objects.select_related("use", "user").filter(revoked_at=None).order_by("-pk")


def known(token: str) -> ApiToken | None:
    """The row of a token."""
    return ApiToken.objects.select_related("use", "user").filter(digest=tokens.digest(token)).first()


def fault(token: ApiToken, at: dt.datetime) -> Fault | None:
    """Why it opens nothing at this moment; None where it does."""
    works = token.user.is_active
    return tokens.fault(expires_at=token.expires_at, revoked_at=token.revoked_at, owner_works_here=works, at=at)


def sentence(found: Fault) -> str:
    """The fault as it may be read aloud."""
    return {
        Fault.UNKNOWN: _("There is no such token."),
        Fault.REVOKED: _("This token is revoked."),
        Fault.EXPIRED: _("This token has expired."),
        Fault.OWNER_LEFT: _("The owner of this token has left."),
    }[found]
