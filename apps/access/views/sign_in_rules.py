"""Asking for another rule of signing in, and for a lost second factor to be taken away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.access.actions import sign_in_rules as actions
from apps.access.domain.permissions import Permission
from apps.access.forms.signin import Reason, SignInRule
from apps.access.guard import requires, user_of
from apps.access.models import Role
from apps.access.queries import people
from apps.core.domain.refusal import Refused
from apps.core.forms import told
from apps.core.texts import gettext as _


@requires(Permission.STAFF_MANAGE)
def role(request: HttpRequest, code: str) -> HttpResponse:
    """What a role asks of those who sign in."""
    found = get_object_or_404(Role, code=code)
    now = {"second_factor": found.second_factor, "idle_minutes": found.idle_minutes}
    form = SignInRule(request.POST or None, initial=now)
    if form.is_valid():
        with told(form):
            asked = actions.propose(role=code, **form.cleaned_data, by=user_of(request), at=timezone.now())
            messages.success(request, _("%(reference)s waits for approval.") % {"reference": asked.reference})
            return redirect("access:roles")
    return render(request, "access/sign_in_rule.html", {"role": found, "form": form})


@requires(Permission.STAFF_MANAGE)
@require_POST
def ask_reset(request: HttpRequest, username: str) -> HttpResponse:
    """Ask that somebody's second factors are taken away."""
    found = get_object_or_404(people.staff(), username=username)
    form = Reason(request.POST)
    if not form.is_valid():
        raise Refused(_("A request needs a reason."), code="reason_missing")
    asked = actions.ask_reset(user=found, **form.cleaned_data, by=user_of(request), at=timezone.now())
    messages.success(request, _("%(reference)s waits for approval.") % {"reference": asked.reference})
    return redirect("access:person", username)
