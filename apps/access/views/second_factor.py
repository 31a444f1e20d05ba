"""The second step of the log-in, and confirming again who one is."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.access import guard
from apps.access.actions import factors, sessions
from apps.access.domain.permissions import Permission
from apps.access.forms.signin import Code, Confirm
from apps.access.guard import requires, user_of
from apps.access.models import User
from apps.access.queries import factors as queries
from apps.access.registry import GIVEN, PENDING
from apps.access.views.sessions import entered, next_of
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused

PATIENCE = dt.timedelta(minutes=10)  # between the password and the code


@guard.public
@never_cache
@sensitive_post_parameters("code")
def second_step(request: HttpRequest) -> HttpResponse:
    """The code, asked for after the right password."""
    user = _pending(request)
    if user is None:
        return redirect("access:login")
    form = Code(request.POST or None)
    if form.is_valid():
        try:
            factors.give(user=user, **form.cleaned_data, by=System("log_in"), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return entered(request, user, second_factor=True)
    context = {"form": form, "next": next_of(request), "factors": queries.of(user)}
    return render(request, "access/second_step.html", context)


@sensitive_post_parameters("code", "password")
@requires(Permission.HOME_READ)
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Prove again who one is: by a code where there is a second factor, else by the password; then go on."""
    user = user_of(request)
    held = queries.of(user)
    form = (Code if held.are_there else Confirm)(request.POST or None)
    if form.is_valid():
        row = request.session.row  # type: ignore[attr-defined]
        try:
            sessions.confirm(session=row, user=user, **form.cleaned_data, by=user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            if held.are_there:
                request.session[GIVEN] = timezone.now().isoformat()
            return redirect(next_of(request))
    return render(request, "access/confirm.html", {"form": form, "next": next_of(request), "factors": held})


def _pending(request: HttpRequest) -> User | None:
    waiting = request.session.get(PENDING)
    if not waiting or timezone.now() - dt.datetime.fromisoformat(waiting["at"]) > PATIENCE:
        return None
    return User.objects.filter(pk=waiting["user"], is_active=True).first()
