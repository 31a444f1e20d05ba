"""One's own sign-in over the API."""

from django.contrib.auth import update_session_auth_hash
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.actions import passwords, sessions
from apps.access.domain import presence
from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.queries import factors
from apps.access.registry import GIVEN
from apps.access.serializers.signin import ChangePasswordSerializer, ConfirmSerializer
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


class Password(viewsets.ViewSet):
    """One's own password."""

    permission = Permission.HOME_READ

    @extend_schema(summary="Change one's password", request=ChangePasswordSerializer, responses={204: None})
    def create(self, request: Request) -> Response:
        """Take the new one, where the present one is known and the new one is strong enough."""
        told = ChangePasswordSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        user = user_of(request)
        session = presence.digest(request.session.session_key or "")
        passwords.change(user=user, **told.validated_data, session=session, by=user, at=timezone.now())
        if request.session.session_key:
            update_session_auth_hash(request, user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Confirmations(viewsets.ViewSet):
    """Proving again who one is, before what asks for it."""

    permission = Permission.HOME_READ

    @extend_schema(summary="Confirm that it is you", request=ConfirmSerializer, responses={204: None})
    def create(self, request: Request) -> Response:
        """By a code where there is a second factor, else by the password; it holds for some minutes of this session."""
        told = ConfirmSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        user, row = user_of(request), getattr(request.session, "row", None)
        if row is None:
            raise Refused(_("There is no session to confirm."), code="session_missing")
        sessions.confirm(session=row, user=user, **told.validated_data, by=user, at=timezone.now())
        if factors.of(user).are_there:
            request.session[GIVEN] = timezone.now().isoformat()
        return Response(status=status.HTTP_204_NO_CONTENT)
