"""Logging in, logging out and the language."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from apps.access import guard
from apps.access.actions import sessions
from apps.access.forms import LogIn
from apps.access.models import User
from apps.access.providers import sign_in
from apps.access.queries import factors
from apps.access.registry import GIVEN, PENDING
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused


@guard.public
@never_cache
@sensitive_post_parameters("password")
def log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page; whoever is known goes on to where they wanted."""
    if request.user.is_authenticated:
        return redirect(next_of(request))
    form = LogIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = sessions.log_in(**form.cleaned_data, by=System("log_in"), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return admitted(request, user, wanted=next_of(request))
    return render(request, "access/login.html", {"form": form, "next": next_of(request), "sso": sign_in.is_there()})


def admitted(request: HttpRequest, user: User, *, wanted: str, second_factor: bool = False) -> HttpResponse:
    """Ask somebody who has given one proof for a second factor where they have one, else let them in."""
    if factors.of(user).are_there and not second_factor:
        request.session[PENDING] = {"user": user.pk, "at": timezone.now().isoformat()}
        return redirect(f"{reverse('access:second_step')}?next={quote(wanted)}")
    return entered(request, user, wanted=wanted, second_factor=second_factor)


def entered(request: HttpRequest, user: User, *, wanted: str, second_factor: bool) -> HttpResponse:
    """Open the session of somebody who has proved who they are, in their language, where they wanted to go."""
    request.session.pop(PENDING, None)
    login(request, user)
    if second_factor:
        request.session[GIVEN] = timezone.now().isoformat()
    return _in_language(redirect(wanted), user.language)


@guard.public
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    if isinstance(request.user, User):
        sessions.log_out(by=request.user, at=timezone.now())
    auth.logout(request)
    return redirect("access:login")


@guard.public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read on in another language."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        chosen = settings.LANGUAGE_CODE
    if isinstance(request.user, User):
        sessions.choose_language(language=chosen, by=request.user, at=timezone.now())
    return _in_language(redirect(next_of(request)), chosen)


def _in_language(response: HttpResponseRedirect, chosen: str) -> HttpResponseRedirect:
    translation.activate(chosen)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax", httponly=True)
    return response


def next_of(request: HttpRequest) -> str:
    """Where the browser wants to go on, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"
