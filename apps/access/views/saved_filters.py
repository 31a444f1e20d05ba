"""Keeping the explorer's filters under a name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access.domain.permissions import Permission
from apps.access.filters import TRAIL_FILTERS
from apps.access.guard import requires, user_of
from apps.access.queries import people
from apps.audit.actions import saved_filters as actions
from apps.audit.queries import saved_filters


@requires(Permission.AUDIT_READ)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the page that was looked at."""
    user = user_of(request)
    chosen = QueryDict(request.POST.get("filters", ""))
    filters = {name: chosen.get(name, "") for name in TRAIL_FILTERS}
    kept = actions.keep(
        name=request.POST.get("name", "")[:60],
        filters=filters,
        role=request.POST.get("role", ""),
        roles=people.roles_of(user),
        by=user,
        at=timezone.now(),
    )
    messages.success(request, _("The filters are kept as “%(name)s”.") % {"name": kept.name})
    query = QueryDict(mutable=True)
    query.update(kept.filters)
    return redirect(f"{reverse('access:trail')}?{query.urlencode()}")


@requires(Permission.AUDIT_READ)
@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Throw filters away."""
    user = user_of(request)
    kept = get_object_or_404(saved_filters.visible_to(user.actor_id, people.roles_of(user)), pk=number)
    actions.discard(kept=kept, by=user, at=timezone.now())
    return redirect("access:trail")
