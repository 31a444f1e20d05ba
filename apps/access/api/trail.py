"""The audit trail over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.audit import filters, serializers
from apps.audit.queries import trail, verification
from apps.core.api import ByKey


class ByNumber(ByKey):
    """The highest number first."""

    ordering = "-seq"


@extend_schema_view(list=extend_schema(summary="Operations"), retrieve=extend_schema(summary="One operation"))
class Operations(viewsets.ReadOnlyModelViewSet):  # type: ignore[type-arg]
    """What was done or refused, by whom, on what and on whose authority."""

    permission = Permission.AUDIT_READ
    queryset = trail.operations().none()
    serializer_class = serializers.OperationSerializer
    filterset_class = filters.Operations
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[Any]:
        """What is in the database: whoever may read it may read all of it."""
        return trail.operations()


class RetiredMonths(viewsets.ViewSet):
    """The months that left the database, and the cold files that hold them: no list above finds their events."""

    permission = Permission.AUDIT_READ

    @extend_schema(summary="Months that left the database", responses=serializers.RetiredSerializer(many=True))
    def list(self, request: Request) -> Response:
        """All of them, the oldest first."""
        return Response([serializers.RetiredSerializer(month).data for month in verification.retired("default")])


@extend_schema_view(list=extend_schema(summary="Changes"), retrieve=extend_schema(summary="One change"))
class Changes(viewsets.ReadOnlyModelViewSet):  # type: ignore[type-arg]
    """The rows that operations changed, before and after."""

    permission = Permission.AUDIT_READ
    queryset = trail.changes().none()
    serializer_class = serializers.ChangeSerializer
    filterset_class = filters.Changes
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[Any]:
        """The whole book."""
        return trail.changes()
