"""Logging in by the sign-in service."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.access import guard
from apps.access.actions import sso
from apps.access.providers import sign_in
from apps.access.views.sessions import admitted, next_of
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused

NEXT = "sso_next"


@guard.public
@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Go to the service."""
    if not sign_in.is_there():
        raise Http404
    request.session[NEXT] = next_of(request)
    try:
        return sign_in.send(request, request.build_absolute_uri(reverse("access:sso_done")))
    except sign_in.Unusable as error:
        return _refused(request, sso.failed(reason=str(error), by=System("log_in"), at=timezone.now()))


@guard.public
@never_cache
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """Come back from it."""
    if not sign_in.is_there():
        raise Http404
    by, at = System("log_in"), timezone.now()
    try:
        claims = sign_in.claims(request)
        user = sso.log_in(
            claims=claims,
            mapping=settings.OIDC_ROLES,
            links=settings.OIDC_LINK,
            provisions=settings.OIDC_PROVISION,
            by=by,
            at=at,
        )
    except sign_in.Unusable as error:
        return _refused(request, sso.failed(reason=str(error), by=by, at=at))
    except Refused as refusal:
        return _refused(request, refusal)
    trusted = bool(claims.methods & set(settings.OIDC_TRUSTED_AMR))
    return admitted(request, user, wanted=request.session.pop(NEXT, "/"), second_factor=trusted)


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    messages.error(request, refusal.sentence)
    return redirect("access:login")
