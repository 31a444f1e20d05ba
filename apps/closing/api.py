"""The closes over the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import viewsets

from apps.access.domain.permissions import Permission
from apps.closing import queries, serializers
from apps.closing.models import Day


@extend_schema_view(list=extend_schema(summary="Closes"), retrieve=extend_schema(summary="The close of one day"))
class Days(viewsets.ReadOnlyModelViewSet[Day]):
    """Business days that were closed or are being closed."""

    permission = Permission.CLOSE_READ
    queryset = Day.objects.none()
    serializer_class = serializers.DaySerializer
    filterset_fields = {"date": ["exact", "gte", "lte"], "status": ["exact"]}
    lookup_field, lookup_value_regex = "date", "[^/]+"

    def get_queryset(self) -> QuerySet[Day]:
        """All of them: a close holds nothing personal."""
        return queries.days()
