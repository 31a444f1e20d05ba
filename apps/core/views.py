"""Whether we are alive, and the pages for when something goes wrong."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

from apps.core.middleware import is_down


@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """`{"ok": true}` as long as the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ok": False, "detail": "The database does not answer."}, status=503)
    return JsonResponse({"ok": True})


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an unforeseen error, which asks the database for nothing."""
    error = sys.exc_info()[1]
    down = isinstance(error, OperationalError) and is_down(error)
    status = 503 if down else 500
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere."""
    return render(request, "404.html", status=404)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for a request that Django itself turned down."""
    return render(request, "403.html", {"sentence": str(exception or "")}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was open for so long that it is no longer valid."""
    return render(request, "csrf.html", status=403)
