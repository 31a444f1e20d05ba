"""How a program shows its token: `Authorization: Bearer wsl_...`."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.access.actions import tokens as actions
from apps.access.domain.tokens import Fault
from apps.access.models import ApiToken, User
from apps.access.queries import people, tokens
from apps.audit import registry
from apps.core.domain.actor import System

SCHEME = "Bearer"


class ByToken(BaseAuthentication):
    """Acts as the token's owner, with what both hold."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The owner and the token; nobody where the header names none, 401 where it opens nothing."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != SCHEME:
            return None
        found, now = tokens.known(token.strip()), timezone.now()
        fault = Fault.UNKNOWN if found is None else tokens.fault(found, now)
        if fault is not None or found is None:
            fault = fault or Fault.UNKNOWN
            actions.turned_away(token=found, fault=fault, by=System("api"), at=now)
            raise AuthenticationFailed(tokens.sentence(fault), code=fault)
        user = people.narrowed(found.user, found.scopes)
        actions.used(token=found, address=registry.current().address, by=user, at=now)
        return user, found

    def authenticate_header(self, request: Request) -> str:
        """The scheme to be named in the 401."""
        return SCHEME
