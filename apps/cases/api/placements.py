"""Placements with agencies over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.queries import approvals
from apps.access.serializers import ApprovalSerializer
from apps.cases import filters
from apps.cases.actions import placements
from apps.cases.queries import placements as queries
from apps.cases.serializers import placements as serializers
from apps.customers.models import Placement


@extend_schema_view(list=extend_schema(summary="Placements"), retrieve=extend_schema(summary="One placement"))
class Placements(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Placement]):
    """Customers placed with agencies, until they were taken back."""

    permission = Permission.CASE_READ
    permissions_by_action = dict.fromkeys(("create", "recall"), Permission.PLACEMENT_REQUEST)
    queryset = Placement.objects.none()
    serializer_class = serializers.PlacementSerializer
    filterset_class = filters.Placements
    lookup_field, lookup_value_regex = "reference", "[^/]+"

    def get_queryset(self) -> QuerySet[Placement]:
        """Those that the user may see."""
        return queries.visible_to(user_of(self.request))

    @extend_schema(
        summary="Ask for a case to be placed",
        description="The answer is the request; the case is placed when everybody whom the rule names has agreed.",
        request=serializers.NewPlacementSerializer,
        responses={202: ApprovalSerializer},
    )
    def create(self, request: Request) -> Response:
        """Send the request to whoever must agree."""
        user = user_of(request)
        taken = serializers.NewPlacementSerializer(data=request.data, context={"user": user})
        taken.is_valid(raise_exception=True)
        made = placements.request(**taken.validated_data, by=user, at=timezone.now())
        asked = approvals.visible_to(user).get(pk=made.pk)
        shown = ApprovalSerializer(asked, context={"decider": approvals.decider_of(user, timezone.now())})
        return Response(shown.data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="Take a customer back",
        request=serializers.RecallSerializer,
        responses={200: serializers.PlacementSerializer},
    )
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, reference: str) -> Response:
        """From now on the agency's people see nothing of the customer."""
        taken = serializers.RecallSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        found = placements.recall(
            placement=self.get_object(), **taken.validated_data, by=user_of(request), at=timezone.now()
        )
        return Response(self.get_serializer(found).data)
