"""What happened to one object, what one request did, what one person did, and what nobody accounts for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.access.domain.permissions import Permission
from apps.access.guard import requires
from apps.access.queries import actors, operations
from apps.audit.queries import objects, retirement, trail
from apps.core import queries as core


@requires(Permission.AUDIT_READ)
def of_object(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Everything that happened to one object, the last first."""
    entries = trail.timeline(kind, key, before=core.key(request.GET.get("after")))
    context = {
        "label": objects.label(kind),
        "reference": objects.references([(kind, key)]).get((kind, key), key),
        "lines": operations.lines(entries),
        "older": entries[-1].seq if len(entries) == trail.LONGEST_TIMELINE else None,
        "retired": retirement.reached(None, None),
    }
    return render(request, "access/trail_object.html", context)


@requires(Permission.AUDIT_READ)
def of_request(request: HttpRequest, request_id: str) -> HttpResponse:
    """What one request or job did, in order, with every try of it."""
    entries = trail.of_request(request_id, after=core.key(request.GET.get("after")) or 0)
    context = {
        "request_id": request_id,
        "lines": operations.lines(entries),
        "first": next((entry.operation for entry in entries if entry.operation), None),
        "later": entries[-1].seq if len(entries) == trail.LONGEST_TIMELINE else None,
    }
    return render(request, "access/trail_request.html", context)


@requires(Permission.AUDIT_READ)
def of_person(request: HttpRequest, actor: str) -> HttpResponse:
    """What one person, or one part of the product, did, the last first."""
    page = core.page(
        trail.operations().filter(actor=actor),
        after=core.key(request.GET.get("after")),
        before=core.key(request.GET.get("before")),
    )
    context = {
        "actor": actor,
        "person": actors.person(actor),
        "rows": operations.rows(page.rows),
        "page": page,
        "retired": retirement.reached(None, None),
    }
    return render(request, "access/trail_person.html", context)


@requires(Permission.AUDIT_READ)
def of_nobody(request: HttpRequest) -> HttpResponse:
    """The changes that no operation accounts for, the last first; there should be none."""
    entries = trail.unattributed(before=core.key(request.GET.get("after")))
    older = entries[-1].seq if len(entries) == trail.LONGEST_TIMELINE else None
    return render(request, "access/trail_unattributed.html", {"lines": operations.lines(entries), "older": older})
