"""Month-ends over the API: bills as they stood, and what they add up to."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.bills import filters
from apps.bills.models import BillSnapshot, ClassRollUp, MonthRollUp
from apps.bills.queries import month_ends
from apps.bills.serializers import month_ends as serializers


@extend_schema_view(list=extend_schema(summary="Bills at month-ends"))
class Snapshots(mixins.ListModelMixin, viewsets.GenericViewSet[BillSnapshot]):
    """Every bill that was open at a month's end, with its bucket, its classes and its stage."""

    permission = Permission.BILL_READ
    queryset = BillSnapshot.objects.none()
    serializer_class = serializers.SnapshotSerializer
    filterset_class = filters.Snapshots

    def get_queryset(self) -> QuerySet[BillSnapshot]:
        """Those that the user may see."""
        return month_ends.snapshots_visible_to(user_of(self.request))


@extend_schema_view(list=extend_schema(summary="Month-ends by bucket and class"))
class ClassRollUps(mixins.ListModelMixin, viewsets.GenericViewSet[ClassRollUp]):
    """How many bills of a product were open, and how much on them, by bucket, class and stage."""

    permission = Permission.BILL_READ
    queryset = ClassRollUp.objects.none()
    serializer_class = serializers.ClassRollUpSerializer
    filterset_class = filters.MonthEnds

    def get_queryset(self) -> QuerySet[ClassRollUp]:
        """Those that the user may see."""
        return month_ends.classes(user_of(self.request))


@extend_schema_view(list=extend_schema(summary="Moves between buckets by month"))
class MonthRollUps(mixins.ListModelMixin, viewsets.GenericViewSet[MonthRollUp]):
    """How many bills of a product went from one bucket to another between two month-ends."""

    permission = Permission.BILL_READ
    queryset = MonthRollUp.objects.none()
    serializer_class = serializers.MonthRollUpSerializer
    filterset_class = filters.MonthEnds

    def get_queryset(self) -> QuerySet[MonthRollUp]:
        """Those that the user may see."""
        return month_ends.moves(user_of(self.request))
