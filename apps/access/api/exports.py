"""Exports of the trail over the API."""

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access import tasks
from apps.access.actions import trail_exports as actions
from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.models import TrailExport
from apps.access.queries import trail_exports as queries
from apps.access.serializers import TrailExportSerializer
from apps.audit.queries.files import Format


@extend_schema_view(
    list=extend_schema(summary="Exports of the trail"),
    retrieve=extend_schema(summary="One export, and how far it is"),
)
class TrailExports(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[TrailExport]):
    """Packages of the trail that prove themselves to whoever receives them."""

    permission = Permission.AUDIT_READ
    permissions_by_action = {"create": Permission.AUDIT_EXPORT, "file": Permission.AUDIT_EXPORT}
    queryset = TrailExport.objects.none()
    serializer_class = TrailExportSerializer
    lookup_field, lookup_value_regex = "reference", "[^/]+"
    filterset_fields = ("state",)

    def get_queryset(self) -> QuerySet[TrailExport]:
        """All of them: whoever may read the trail may see who took what of it."""
        return queries.exports()

    @extend_schema(
        summary="Export the trail",
        description="Answers at once with 202; ask for the export until its state is `done` or `failed`.",
        responses={202: TrailExportSerializer},
    )
    def create(self, request: Request) -> Response:
        """Keep the wish and let it be written in the background."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        wish = sent.validated_data
        period = wish.pop("first_date"), wish.pop("last_date")
        kind = Format(wish.pop("file_format"))
        made = actions.ask(period=period, kind=kind, **wish, by=user_of(request), at=timezone.now())
        tasks.wake(made)
        return Response(self.get_serializer(made).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="The file of an export",
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY, description="The package.")},
    )
    @action(detail=True, methods=["get"])
    def file(self, request: Request, reference: str) -> FileResponse:
        """The package; whoever takes it is recorded first."""
        found = self.get_object()
        actions.downloaded(export=found, by=user_of(request), at=timezone.now())
        return FileResponse(queries.path(found).open("rb"), as_attachment=True, filename=f"audit-{reference}.zip")
