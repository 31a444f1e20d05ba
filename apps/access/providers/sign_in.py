"""The sign-in service (OpenID Connect): authorization code with PKCE, ID token verified against its published keys."""

from functools import cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from joserfc.errors import JoseError
from requests import RequestException

from apps.access.domain import sso
from apps.access.domain.sso import Claims


class Unusable(Exception):
    """Why the service's answer is of no use, in a few words."""


def is_there() -> bool:
    """Whether a sign-in service is configured."""
    return bool(settings.OIDC_ISSUER)


def send(request: HttpRequest, back: str) -> HttpResponse:
    """Send the browser to the service, which sends it to the address `back`; state, nonce and verifier wait here."""
    try:
        away: HttpResponse = _client().authorize_redirect(request, back)
    except (AuthlibBaseError, RequestException, KeyError, ValueError) as error:
        raise Unusable(f"{type(error).__name__}: {error}") from error
    return away


def claims(request: HttpRequest) -> Claims:
    """Whom the service names, once the code is exchanged and the token verified: signature, issuer, audience, nonce."""
    try:
        token = _client().authorize_access_token(request)
        told: dict[str, Any] = dict(token["userinfo"])
        if settings.OIDC_GROUPS_CLAIM not in told:
            more = dict(_client().userinfo(token=token))
            if more.get("sub") != told["sub"]:
                raise Unusable("the service names two people")
            told = more | told
        return sso.read(
            told,
            issuer=settings.OIDC_ISSUER,
            username=settings.OIDC_USERNAME_CLAIM,
            groups=settings.OIDC_GROUPS_CLAIM,
        )
    except (AuthlibBaseError, JoseError, RequestException, KeyError, ValueError, RuntimeError) as error:
        raise Unusable(f"{type(error).__name__}: {error}") from error


def _client() -> Any:
    return _registered(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


@cache
def _registered(issuer: str, client_id: str, secret: str) -> Any:
    return OAuth().register(
        "sso",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": settings.OIDC_SCOPE, "code_challenge_method": "S256", "timeout": 10},
    )
