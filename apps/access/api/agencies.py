"""The white list of agencies over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.actions import agencies
from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.models import Agency
from apps.access.queries import scopes
from apps.access.serializers.agencies import AgencySerializer, NewAgencySerializer, StrikeSerializer


@extend_schema_view(list=extend_schema(summary="Agencies"), retrieve=extend_schema(summary="One agency"))
class Agencies(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Agency]):
    """Firms that collect for us, on the white list or off it."""

    permission = Permission.STAFF_READ
    permissions_by_action = dict.fromkeys(("create", "strike"), Permission.AGENCY_MANAGE)
    serializer_class = AgencySerializer
    queryset = Agency.objects.none()
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Agency]:
        """Every agency."""
        return scopes.agencies()

    @extend_schema(summary="Put an agency on the list", request=NewAgencySerializer, responses={201: AgencySerializer})
    def create(self, request: Request) -> Response:
        """List it from now on."""
        taken = NewAgencySerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        made = agencies.enlist(**taken.validated_data, by=user_of(request), at=timezone.now())
        return Response(self._shown(made), status=status.HTTP_201_CREATED)

    @extend_schema(summary="Strike an agency off the list", request=StrikeSerializer, responses={200: AgencySerializer})
    @action(detail=True, methods=["post"])
    def strike(self, request: Request, code: str) -> Response:
        """From now on its people see nothing."""
        taken = StrikeSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        struck = agencies.strike(
            agency=self.get_object(), **taken.validated_data, by=user_of(request), at=timezone.now()
        )
        return Response(self._shown(struck))

    def _shown(self, agency: Agency) -> object:
        return self.get_serializer(self.get_queryset().get(pk=agency.pk)).data
