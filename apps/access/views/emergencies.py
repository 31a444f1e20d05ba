"""Roles taken in an emergency: the list, one with all that was done in it, taking one, and its review."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access import tasks
from apps.access.actions import emergencies as actions
from apps.access.domain.emergency import EmergencyState
from apps.access.domain.permissions import Permission
from apps.access.forms.emergencies import Review, Take
from apps.access.guard import requires, user_of
from apps.access.queries import emergencies, operations, people
from apps.core import queries
from apps.core.forms import told

SHOWN = 200  # operations of one emergency on its page


@requires(Permission.HOME_READ)
def emergency_list(request: HttpRequest) -> HttpResponse:
    """One's own, or everybody's for a controller, the newest first."""
    user, today = user_of(request), timezone.localdate()
    after, before = queries.key(request.GET.get("after")), queries.key(request.GET.get("before"))
    page = queries.page(emergencies.visible_to(user), after=after, before=before)
    rows = [(found, emergencies.state(found, today)) for found in page.rows]
    return render(request, "access/emergencies.html", {"page": page, "rows": rows})


@requires(Permission.HOME_READ)
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One emergency with what was done in it."""
    user = user_of(request)
    found = get_object_or_404(emergencies.visible_to(user), reference=reference)
    state = emergencies.state(found, timezone.localdate())
    is_mine = found.person.pk == user.pk
    done = operations.rows(list(emergencies.operations(found)[:SHOWN]))
    may_review = people.holds(user, Permission.CONTROL_WATCH) and not is_mine
    waits = state in (EmergencyState.UNREVIEWED, EmergencyState.OVERDUE)
    form = Review(request.POST or None) if may_review and waits else None
    if form is not None and form.is_valid():
        with told(form):
            actions.review(reference=reference, **form.cleaned_data, by=user, at=timezone.now())
            messages.success(request, _("%(reference)s is reviewed.") % {"reference": reference})
            return redirect("access:emergency", reference)
    context = {"emergency": found, "state": state, "rows": done, "form": form}
    return render(request, "access/emergency.html", {**context, "may_end": is_mine and state == EmergencyState.LIVE})


@requires(Permission.EMERGENCY_TAKE)
def take(request: HttpRequest) -> HttpResponse:
    """Take a role."""
    user = user_of(request)
    form = Take(request.POST or None, person=user)
    if form.is_valid():
        with told(form):
            made = actions.take(**form.cleaned_data, by=user, at=timezone.now())
            tasks.alarm()
            return redirect("access:emergency", made.reference)
    return render(request, "access/take_emergency.html", {"form": form})


@requires(Permission.HOME_READ)
@require_POST
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the role back."""
    actions.end(reference=reference, by=user_of(request), at=timezone.now())
    messages.success(request, _("The role is given back."))
    return redirect("access:emergency", reference)
