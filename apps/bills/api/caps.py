"""Caps on the annual cost over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.serializers import ApprovalSerializer
from apps.bills.actions import caps as actions
from apps.bills.api.shared import ASKED_AGAIN, IDEMPOTENCY, taken
from apps.bills.models import CostCap
from apps.bills.queries import asked as asked_for
from apps.bills.queries import new_caps as queries
from apps.bills.serializers import caps as serializers
from apps.closing import queries as closing


@extend_schema_view(list=extend_schema(summary="Caps on the annual cost"))
class Caps(mixins.ListModelMixin, viewsets.GenericViewSet[CostCap]):
    """The highest price a year that each licence allows, from when on."""

    permission = Permission.BILL_READ
    permissions_by_action = {"create": Permission.PRODUCT_PROPOSE}
    queryset = CostCap.objects.none()
    serializer_class = serializers.CapSerializer

    def get_queryset(self) -> QuerySet[CostCap]:
        """Those that the user may see."""
        return queries.visible_to(user_of(self.request))

    @extend_schema(
        summary="Ask for a cap",
        description="The answer is the request that others decide. " + ASKED_AGAIN,
        parameters=[IDEMPOTENCY],
        request=serializers.NewCapSerializer,
        responses={200: ApprovalSerializer, 201: ApprovalSerializer},
    )
    def create(self, request: Request) -> Response:
        """Ask for it; the last approval publishes it."""
        now = timezone.now()
        said = taken(serializers.NewCapSerializer, request)
        was_known = asked_for.under(queries.ACTION, said["reference"]) is not None
        asked = actions.propose(**said, business_date=closing.business_date_at(now), by=user_of(request), at=now)
        code = status.HTTP_200_OK if was_known else status.HTTP_201_CREATED
        return Response(ApprovalSerializer(asked).data, status=code)
