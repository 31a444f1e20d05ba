"""Messages: the list, and one with its text and what the gate said."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.core import queries as core
from apps.outreach import filters
from apps.outreach.queries import messages as queries


@requires(Permission.OUTREACH_READ)
def messages(request: HttpRequest) -> HttpResponse:
    """What waits, what went out and what may not."""
    found = filters.Messages(request.GET, queries.visible_to(user_of(request)))
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    return render(request, "outreach/messages.html", {"filter": found, "page": page, "messages_shown": page.rows})


@requires(Permission.OUTREACH_READ)
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """One message."""
    found = get_object_or_404(queries.visible_to(user_of(request)), reference=reference)
    subject, body = queries.shown(found)
    return render(request, "outreach/message.html", {"message": found, "subject": subject, "body": body})
