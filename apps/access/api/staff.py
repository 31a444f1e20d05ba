"""People and roles over the API."""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from apps.access.actions import leaving
from apps.access.domain.permissions import Permission
from apps.access.filters import Staff
from apps.access.models import Role, User
from apps.access.queries import people
from apps.access.serializers import RoleSerializer, StaffSerializer
from apps.access.serializers.signin import ReasonSerializer


class StaffViewSet(ReadOnlyModelViewSet[User]):
    """Who works here."""

    permission = Permission.STAFF_READ
    serializer_class = StaffSerializer
    filterset_class = Staff
    queryset = User.objects.none()
    lookup_field = "username"
    permissions_by_action = {"dismiss": Permission.STAFF_MANAGE}

    def get_queryset(self) -> Any:
        """What this user may see."""
        return people.visible_to(cast(User, self.request.user))

    @extend_schema(summary="Dismiss somebody", request=ReasonSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, username: str) -> Response:
        """Every role, session and token of theirs ends at once."""
        told = ReasonSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        leaving.dismiss(user=self.get_object(), **told.validated_data, by=cast(User, request.user), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class RoleViewSet(ReadOnlyModelViewSet[Role]):
    """Who may what."""

    permission = Permission.STAFF_READ
    serializer_class = RoleSerializer
    queryset = Role.objects.none()
    lookup_field = "code"

    def get_queryset(self) -> Any:
        """Every role."""
        return people.roles()
