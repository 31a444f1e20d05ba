"""The second step of the log-in, and confirming again who one is."""

import datetime as dt
import json

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.access import guard
from apps.access.actions import factors, sessions
from apps.access.domain.permissions import Permission
from apps.access.forms.signin import Confirm, Factor
from apps.access.guard import requires, user_of
from apps.access.models import User
from apps.access.queries import factors as queries
from apps.access.registry import GIVEN, PENDING
from apps.access.views import asking
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
    form = Factor(request.POST or None)
    if form.is_valid():
        answer = asking.answer(request, form.cleaned_data["credential"])
        code = form.cleaned_data["code"]
        try:
            factors.give(user=user, code=code, answer=answer, by=System("log_in"), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return entered(request, user, wanted=next_of(request), second_factor=True)
    return _page(request, "access/second_step.html", user, form)


@sensitive_post_parameters("code", "password")
@requires(Permission.HOME_READ)
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Prove again who one is: by a code where there is a second factor, else by the password; then go on."""
    user = user_of(request)
    held = queries.of(user)
    form = (Factor if held.are_there else Confirm)(request.POST or None)
    if form.is_valid():
        proof = dict(form.cleaned_data)
        if held.are_there:
            proof["answer"] = asking.answer(request, proof.pop("credential"))
        row = request.session.row  # type: ignore[attr-defined]
        try:
            sessions.confirm(session=row, user=user, **proof, by=user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            if held.are_there:
                request.session[GIVEN] = timezone.now().isoformat()
            return redirect(next_of(request))
    return _page(request, "access/confirm.html", user, form)


def _page(request: HttpRequest, template: str, user: User, form: Form) -> HttpResponse:
    options = asking.to_use(request, user)
    context = {"form": form, "next": next_of(request), "factors": queries.of(user)}
    return render(request, template, context | {"options": json.loads(options) if options else None})


def _pending(request: HttpRequest) -> User | None:
    waiting = request.session.get(PENDING)
    if not waiting or timezone.now() - dt.datetime.fromisoformat(waiting["at"]) > PATIENCE:
        return None
    return User.objects.filter(pk=waiting["user"], is_active=True).first()
