"""Is the book whole? How it stands, what the last verifications found, and a button for another."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.access.queries import actors, book_wording
from apps.audit import tasks
from apps.audit.actions import verifications as actions
from apps.audit.queries import retirement, standing, verifications

SHOWN = 10  # verifications


@requires(Permission.AUDIT_VERIFY)
def book(request: HttpRequest) -> HttpResponse:
    """How the book stands now; asks for itself again while a verification is under way."""
    now = timezone.now()
    found = standing.now(now)
    latest = list(verifications.all_of_them()[:SHOWN])
    names = actors.names(verification.asked_by for verification in latest)
    context = {
        "standing": found,
        "alarms": book_wording.alarms(found),
        "retired": retirement.reached(None, None),
        "under_way": verifications.unfinished(now),
        "latest": [(verification, names.get(verification.asked_by, verification.asked_by)) for verification in latest],
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "access/_book.html" if part else "access/book.html", context)


@requires(Permission.AUDIT_VERIFY)
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Have the book verified now, by a worker."""
    asked = actions.ask(by=user_of(request), at=timezone.now())
    tasks.wake(asked.pk)
    return redirect("access:book")
