"""Agreements by which bills fall due anew, over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.serializers import ApprovalSerializer
from apps.bills import filters
from apps.bills.actions import restructurings as actions
from apps.bills.api.shared import ASKED_AGAIN, IDEMPOTENCY, ByReference, taken
from apps.bills.models import Restructuring
from apps.bills.queries import asked as asked_for
from apps.bills.queries import restructurings as queries
from apps.bills.serializers import restructurings as serializers


@extend_schema_view(list=extend_schema(summary="Restructurings"), retrieve=extend_schema(summary="One restructuring"))
class Restructurings(ByReference[Restructuring]):
    """Agreements by which what is open falls due anew."""

    permissions_by_action = {
        "create": Permission.RESTRUCTURING_REQUEST,
        "undo": Permission.RESTRUCTURING_UNDO,
    }
    queryset = Restructuring.objects.none()
    serializer_class = serializers.RestructuringSerializer
    filterset_class = filters.Restructurings

    def get_queryset(self) -> QuerySet[Restructuring]:
        """Those that the user may see."""
        return queries.visible_to(user_of(self.request))

    @extend_schema(
        summary="Ask for a restructuring",
        description="The answer is the request that others decide. " + ASKED_AGAIN,
        parameters=[IDEMPOTENCY],
        request=serializers.NewRestructuringSerializer,
        responses={200: ApprovalSerializer, 201: ApprovalSerializer},
    )
    def create(self, request: Request) -> Response:
        """Ask for it; the last approval carries it out."""
        said: dict[str, Any] = taken(serializers.NewRestructuringSerializer, request)
        apart = {name: said.pop(name) for name in ("customer", "bill", "reason", "reference")}
        was_known = asked_for.under(queries.ACTION, apart["reference"]) is not None
        asked = actions.request(asked=said, by=user_of(request), at=timezone.now(), **apart)
        code = status.HTTP_200_OK if was_known else status.HTTP_201_CREATED
        return Response(ApprovalSerializer(asked).data, status=code)

    @extend_schema(
        summary="Undo a restructuring",
        request=serializers.UndoSerializer,
        responses={200: serializers.RestructuringSerializer},
    )
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, reference: str) -> Response:
        """Take it back as if it had never been agreed; the last one only."""
        said = taken(serializers.UndoSerializer, request)
        found = actions.undo(restructuring=self.get_object(), by=user_of(request), at=timezone.now(), **said)
        return Response(self.get_serializer(found).data)
