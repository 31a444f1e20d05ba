"""One's own second factors over the API."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.actions import factors as actions
from apps.access.actions import passkeys
from apps.access.domain import one_time
from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.queries import factors
from apps.access.registry import GIVEN
from apps.access.serializers import factors as serializers


class Factors(viewsets.ViewSet):
    """What one proves who one is with, beside the password."""

    permission = Permission.HOME_READ
    stepped_up = ("create", "codes", "remove_app", "remove_passkey")

    @extend_schema(summary="One's second factors", responses=serializers.FactorsSerializer(many=True))
    def list(self, request: Request) -> Response:
        """What is set up, as the only row."""
        held = factors.of(user_of(request))
        row: dict[str, Any] = {
            "app": held.authenticator is not None,
            "codes": held.codes,
            "is_required": held.is_required,
        }
        row["passkeys"] = held.passkeys
        return Response([serializers.FactorsSerializer(row).data])

    @extend_schema(
        summary="Begin to set up an authenticator app", request=None, responses={201: serializers.SecretSerializer}
    )
    def create(self, request: Request) -> Response:
        """The secret, and the address that an app scans; it counts once `confirm` was given a code."""
        user = user_of(request)
        secret = actions.begin(user=user, by=user, at=timezone.now())
        address = one_time.address(secret, username=user.username, issuer=settings.LENDER_NAME)
        row = {"secret": secret, "address": address}
        return Response(serializers.SecretSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Confirm the app", request=serializers.CodeSerializer, responses=serializers.CodesSerializer)
    @action(detail=False, methods=["post"])
    def confirm(self, request: Request) -> Response:
        """Its first code; answers with recovery codes, this once."""
        told = serializers.CodeSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        user = user_of(request)
        codes = actions.confirm(user=user, **told.validated_data, by=user, at=timezone.now())
        request.session[GIVEN] = timezone.now().isoformat()
        return Response({"codes": codes})

    @extend_schema(summary="New recovery codes", request=None, responses=serializers.CodesSerializer)
    @action(detail=False, methods=["post"])
    def codes(self, request: Request) -> Response:
        """In place of the old ones; shown this once."""
        user = user_of(request)
        return Response({"codes": actions.renew_codes(user=user, by=user, at=timezone.now())})

    @extend_schema(summary="Remove the app", request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="remove-app")
    def remove_app(self, request: Request) -> Response:
        """Refused where a role asks for a second factor and it is the only one."""
        user = user_of(request)
        actions.remove_app(user=user, by=user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="Remove a passkey", request=serializers.KeySerializer, responses={204: None})
    @action(detail=False, methods=["post"], url_path="remove-passkey")
    def remove_passkey(self, request: Request) -> Response:
        """Likewise; passkeys are made on the page, by a browser."""
        told = serializers.KeySerializer(data=request.data)
        told.is_valid(raise_exception=True)
        user = user_of(request)
        passkeys.remove(passkey=factors.passkey(user, told.validated_data["id"]), by=user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
