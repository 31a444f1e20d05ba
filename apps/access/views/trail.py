"""The audit trail: the list, and one operation."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from apps.access.domain.permissions import Permission
from apps.access.filters import Trail
from apps.access.guard import requires, user_of
from apps.access.queries import actors, people
from apps.access.queries import operations as people_of
from apps.audit.filters import reach
from apps.audit.queries import objects, reading, saved_filters, trail
from apps.core import queries as core

SHOWN = 200  # changed rows of one operation on its page


@requires(Permission.AUDIT_READ)
def operations(request: HttpRequest) -> HttpResponse:
    """What was done, the last first."""
    user = user_of(request)
    roles = people.roles_of(user)
    found = Trail(_with_people(request.GET), trail.operations())
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    context = {
        "filter": found,
        "page": page,
        "rows": people_of.rows(page.rows),
        "actions": trail.actions(),
        "retired": reach(found),
        "unattributed": trail.unattributed_count(),
        "kept": saved_filters.visible_to(user.actor_id, roles),
        "roles": roles,
        "is_filtered": any(found.form.data.get(name) for name in found.form.fields),
        "may_export": people.holds(request.user, Permission.AUDIT_EXPORT),
    }
    return render(request, "access/trail_list.html", context)


@requires(Permission.AUDIT_READ)
def operation(request: HttpRequest, seq: int) -> HttpResponse:
    """One operation with its parts and everything it changed, field by field."""
    found = get_object_or_404(trail.operations(), seq=seq)
    about = found.object_type, found.object_id
    changes = reading.read(trail.changes_of(found)[: SHOWN + 1])
    context = {
        "operation": found,
        "who": actors.names([found.actor]).get(found.actor, found.actor),
        "reference": objects.references([about]).get(about, found.object_id),
        "detail": trail.detail_of(found),
        "parts": trail.parts_of(found),
        "changes": changes[:SHOWN],
        "shown": SHOWN if len(changes) > SHOWN else None,
    }
    return render(request, "access/trail_operation.html", context)


def _with_people(data: QueryDict) -> QueryDict:
    """The filters with a user name put as the identifier that the trail knows."""
    found = data.copy()
    for name in ("actor", "on_behalf_of"):
        if text := found.get(name):
            found[name] = actors.identifier(str(text).strip())
    return found
