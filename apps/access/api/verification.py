"""Is the book whole? The verifications over the API, and how the book stands."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.audit import serializers, tasks
from apps.audit.actions import verifications as actions
from apps.audit.queries import standing, verifications


@extend_schema_view(
    list=extend_schema(summary="Verifications of the trail"), retrieve=extend_schema(summary="One verification")
)
class Verifications(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):  # type: ignore[type-arg]
    """Looks at whether the trail is whole, with what each found; the last first."""

    permission = Permission.AUDIT_VERIFY
    queryset = verifications.all_of_them().none()
    serializer_class = serializers.VerificationSerializer
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Any]:
        """All of them: whoever may ask may see what was found."""
        return verifications.all_of_them()

    @extend_schema(summary="Verify the trail now", request=None, responses={202: serializers.VerificationSerializer})
    def create(self, request: Request) -> Response:
        """Have a worker verify it; refused while another verification waits or runs."""
        asked = actions.ask(by=user_of(request), at=timezone.now())
        tasks.wake(asked.pk)
        return Response(self.get_serializer(asked).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(summary="How the trail stands", responses={200: serializers.StandingSerializer})
    @action(detail=False, url_path="standing", pagination_class=None)
    def standing(self, request: Request) -> Response:
        """Sealed, signed and published until when, and what is not well."""
        return Response(serializers.StandingSerializer(standing.now(timezone.now())).data)
