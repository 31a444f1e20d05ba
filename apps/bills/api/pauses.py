"""Pauses over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.bills import filters
from apps.bills.actions import pauses
from apps.bills.api.shared import ByReference
from apps.bills.models import Pause
from apps.bills.queries import pauses as queries
from apps.bills.serializers import pauses as serializers


@extend_schema_view(list=extend_schema(summary="Pauses"), retrieve=extend_schema(summary="One pause"))
class Pauses(ByReference[Pause]):
    """Days on which accounts stand still."""

    permissions_by_action = dict.fromkeys(("create", "end", "cancel"), Permission.PAUSE_DECIDE)
    queryset = Pause.objects.none()
    serializer_class = serializers.PauseSerializer
    filterset_class = filters.Pauses

    def get_queryset(self) -> QuerySet[Pause]:
        """Those that the user may see."""
        return queries.visible_to(user_of(self.request))

    @extend_schema(
        summary="Begin a pause",
        description="In the past too: what it changes is played again. Two pauses of a customer share no day.",
        request=serializers.NewPauseSerializer,
        responses={201: serializers.PauseSerializer},
    )
    def create(self, request: Request) -> Response:
        """Let an account stand still."""
        user = user_of(request)
        told = serializers.NewPauseSerializer(data=request.data, context={"user": user})
        told.is_valid(raise_exception=True)
        pause = pauses.begin(by=user, at=timezone.now(), **told.validated_data)
        return Response(self.get_serializer(pause).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="End a pause earlier",
        request=serializers.PauseEndSerializer,
        responses={200: serializers.PauseSerializer},
    )
    @action(detail=True, methods=["post"], url_path="end")
    def end(self, request: Request, reference: str) -> Response:
        """Let the days count again."""
        told = serializers.PauseEndSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        pause = pauses.end(pause=self.get_object(), by=user_of(request), at=timezone.now(), **told.validated_data)
        return Response(self.get_serializer(pause).data)

    @extend_schema(
        summary="Take a pause back",
        request=serializers.PauseCancellationSerializer,
        responses={200: serializers.PauseSerializer},
    )
    @action(detail=True, methods=["post"], url_path="cancellation")
    def cancel(self, request: Request, reference: str) -> Response:
        """As if it had never been."""
        told = serializers.PauseCancellationSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        pause = pauses.cancel(pause=self.get_object(), by=user_of(request), at=timezone.now(), **told.validated_data)
        return Response(self.get_serializer(pause).data)
