"""Roles taken in an emergency over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access import tasks
from apps.access.actions import emergencies as actions
from apps.access.domain.emergency import Finding
from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.models import Emergency
from apps.access.queries import emergencies
from apps.access.serializers.emergencies import EmergencySerializer, ReviewSerializer, TakeSerializer


@extend_schema_view(
    list=extend_schema(summary="Roles taken in an emergency"), retrieve=extend_schema(summary="One emergency")
)
class Emergencies(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Emergency]):
    """Break-glass: loud, for hours, reviewed."""

    permission = Permission.HOME_READ
    permissions_by_action = {"create": Permission.EMERGENCY_TAKE, "review": Permission.CONTROL_WATCH}
    queryset = Emergency.objects.none()
    serializer_class = EmergencySerializer
    lookup_field, lookup_value_regex = "reference", "[^/]+"

    def get_queryset(self) -> QuerySet[Emergency]:
        """What this user may see."""
        return emergencies.visible_to(user_of(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        """With the day on which it is asked how far they are."""
        return {**super().get_serializer_context(), "today": timezone.localdate()}

    @extend_schema(summary="Take a role", request=TakeSerializer, responses={201: EmergencySerializer})
    def create(self, request: Request) -> Response:
        """Take a role for some hours."""
        sent = TakeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = actions.take(**sent.validated_data, by=user_of(request), at=timezone.now())
        tasks.alarm()
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Give the role back", request=None, responses=EmergencySerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, reference: str) -> Response:
        """End it before its time."""
        found = actions.end(reference=self.get_object().reference, by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(found).data)

    @extend_schema(summary="Review an emergency", request=ReviewSerializer, responses=EmergencySerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, reference: str) -> Response:
        """Close it with what was found."""
        sent = ReviewSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        found = actions.review(
            reference=self.get_object().reference,
            finding=Finding(sent.validated_data["finding"]),
            note=sent.validated_data["note"],
            by=user_of(request),
            at=timezone.now(),
        )
        return Response(self.get_serializer(found).data)
