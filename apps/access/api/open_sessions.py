"""Open sessions over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.actions import ending as actions
from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.models import Session
from apps.access.queries import sessions
from apps.access.serializers.signin import SessionSerializer


class BySight(CursorPagination):
    """The last used first."""

    ordering = ("-seen_at", "pk")


@extend_schema_view(list=extend_schema(summary="Open sessions"))
class Sessions(mixins.ListModelMixin, viewsets.GenericViewSet[Session]):
    """One's own sessions; everybody's for whoever looks after people's sign-in."""

    permission = Permission.HOME_READ
    queryset = Session.objects.none()
    serializer_class = SessionSerializer
    pagination_class = BySight
    lookup_value_regex = "[0-9a-f]{1,64}"

    def get_queryset(self) -> QuerySet[Session]:
        """What is open at this moment."""
        return sessions.visible_to(user_of(self.request), timezone.now())

    @extend_schema(summary="End a session", responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Whoever has it open must log in again."""
        actions.end(session=self.get_object(), by=user_of(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
