"""The control dashboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.access.domain.permissions import Permission
from apps.access.guard import requires
from apps.access.queries import controls


@requires(Permission.CONTROL_WATCH)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Every control as it stands now, and who was refused or unmasked how often."""
    at = timezone.now()
    context = {
        "figures": controls.figures(at),
        "refused": controls.refused(at),
        "revealed": controls.revealed(at),
        "incompatible": controls.incompatible(),
    }
    return render(request, "access/controls.html", context)
