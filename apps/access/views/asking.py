"""Asking the browser for a passkey: what the page's script is told, and what it answers."""

import webauthn
from django.conf import settings
from django.http import HttpRequest
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from apps.access.domain.ceremony import Answer
from apps.access.models import User
from apps.access.queries import factors

CHALLENGE = "passkey_challenge"


def origin(request: HttpRequest) -> str:
    """The site as the browser names it."""
    return f"{request.scheme}://{request.get_host()}"


def to_make(request: HttpRequest, user: User) -> str:
    """The options, as JSON, with which the browser makes a key; the challenge waits in the session."""
    options = webauthn.generate_registration_options(
        rp_id=Answer("", b"", origin(request)).site,
        rp_name=settings.LENDER_NAME,
        user_name=user.username,
        user_display_name=user.name,
        user_id=user.actor_id.encode(),
        exclude_credentials=_descriptors(user),
    )
    request.session[CHALLENGE] = bytes_to_base64url(options.challenge)
    return webauthn.options_to_json(options)


def to_use(request: HttpRequest, user: User) -> str:
    """The options, as JSON, with which the browser uses one of the user's keys; empty where they have none."""
    known = _descriptors(user)
    if not known:
        return ""
    site = Answer("", b"", origin(request)).site
    options = webauthn.generate_authentication_options(rp_id=site, allow_credentials=known)
    request.session[CHALLENGE] = bytes_to_base64url(options.challenge)
    return webauthn.options_to_json(options)


def answer(request: HttpRequest, credential: str) -> Answer | None:
    """What the browser answered, with the challenge that waited for it, which is good once."""
    waiting = request.session.pop(CHALLENGE, "")
    if not credential or not waiting:
        return None
    return Answer(credential, base64url_to_bytes(waiting), origin(request))


def _descriptors(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential)) for key in factors.of(user).passkeys]
