"""The sessions that are open: one's own, and those of whom one looks after."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.access.actions import ending as actions
from apps.access.domain import presence
from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.access.queries import sessions


@requires(Permission.HOME_READ)
def own(request: HttpRequest) -> HttpResponse:
    """Where one is logged in."""
    found = sessions.of(user_of(request), timezone.now())
    return render(request, "access/account_sessions.html", {"sessions": found, "this": _this(request)})


@requires(Permission.HOME_READ)
@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End one of them."""
    user, now = user_of(request), timezone.now()
    found = get_object_or_404(sessions.visible_to(user, now), pk=key)
    actions.end(session=found, by=user, at=now)
    messages.success(request, _("The session is ended."))
    if found.user is None or found.user == user:
        return redirect("access:sessions")
    return redirect("access:person", found.user.username)


@requires(Permission.HOME_READ)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's own but this one."""
    user = user_of(request)
    count = actions.end_all(user=user, but=_this(request), by=user, at=timezone.now())
    ended = ngettext("%(count)s session is ended.", "%(count)s sessions are ended.", count)
    messages.success(request, ended % {"count": count})
    return redirect("access:sessions")


def _this(request: HttpRequest) -> str:
    return presence.digest(request.session.session_key or "")
