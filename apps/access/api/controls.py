"""The controls over the API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.access.domain.permissions import Permission
from apps.access.queries import controls
from apps.access.serializers.controls import ControlsSerializer


class Controls(ViewSet):
    """How the controls of who may and who must agree stand."""

    permission = Permission.CONTROL_WATCH

    @extend_schema(summary="Every control as it stands now", responses=ControlsSerializer)
    def list(self, request: Request) -> Response:
        """The figures, and who was refused or unmasked how often."""
        at = timezone.now()
        found = {
            "figures": controls.figures(at),
            "refused": controls.refused(at),
            "revealed": controls.revealed(at),
        }
        return Response(ControlsSerializer(found).data)
