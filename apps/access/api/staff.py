"""People and roles over the API."""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from apps.access.actions import leaving, sign_in_rules
from apps.access.domain.permissions import Permission
from apps.access.filters import Staff
from apps.access.guard import user_of
from apps.access.models import Role, User
from apps.access.queries import people
from apps.access.serializers import RoleSerializer, StaffSerializer
from apps.access.serializers.factors import SignInRuleSerializer
from apps.access.serializers.matrix import ProposedSerializer
from apps.access.serializers.signin import ReasonSerializer


class StaffViewSet(ReadOnlyModelViewSet[User]):
    """Who works here."""

    permission = Permission.STAFF_READ
    serializer_class = StaffSerializer
    filterset_class = Staff
    queryset = User.objects.none()
    lookup_field = "username"
    permissions_by_action = {"dismiss": Permission.STAFF_MANAGE, "reset_second_factor": Permission.STAFF_MANAGE}

    def get_queryset(self) -> Any:
        """What this user may see."""
        return people.visible_to(cast(User, self.request.user))

    @extend_schema(summary="Dismiss somebody", request=ReasonSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, username: str) -> Response:
        """Every role, session and token of theirs ends at once."""
        told = ReasonSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        leaving.dismiss(user=self.get_object(), **told.validated_data, by=user_of(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Ask for a second factor to be reset", request=ReasonSerializer, responses={201: ProposedSerializer}
    )
    @action(detail=True, methods=["post"], url_path="reset-second-factor")
    def reset_second_factor(self, request: Request, username: str) -> Response:
        """Done once somebody else agrees."""
        told = ReasonSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        asked = sign_in_rules.ask_reset(
            user=self.get_object(), **told.validated_data, by=user_of(request), at=timezone.now()
        )
        return Response(ProposedSerializer(asked).data, status=status.HTTP_201_CREATED)


class RoleViewSet(ReadOnlyModelViewSet[Role]):
    """Who may what."""

    permission = Permission.STAFF_READ
    permissions_by_action = {"sign_in": Permission.STAFF_MANAGE}
    serializer_class = RoleSerializer
    queryset = Role.objects.none()
    lookup_field = "code"

    def get_queryset(self) -> Any:
        """Every role."""
        return people.roles()

    @extend_schema(
        summary="Ask that a role signs in otherwise",
        request=SignInRuleSerializer,
        responses={201: ProposedSerializer},
    )
    @action(detail=True, methods=["post"], url_path="sign-in")
    def sign_in(self, request: Request, code: str) -> Response:
        """Whether a password alone is enough, and when its idle sessions end; holds once somebody else agrees."""
        told = SignInRuleSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        role = self.get_object().code
        asked = sign_in_rules.propose(role=role, **told.validated_data, by=user_of(request), at=timezone.now())
        return Response(ProposedSerializer(asked).data, status=status.HTTP_201_CREATED)
