"""Shut log-ins over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.actions import lockouts as actions
from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.models import Lockout
from apps.access.queries import lockouts
from apps.access.serializers.signin import LockoutSerializer


@extend_schema_view(list=extend_schema(summary="Shut log-ins"))
class Lockouts(mixins.ListModelMixin, viewsets.GenericViewSet[Lockout]):
    """The people and addresses that may not try to log in now."""

    permission = Permission.STAFF_MANAGE
    queryset = Lockout.objects.none()
    serializer_class = LockoutSerializer
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Lockout]:
        """What is shut at this moment."""
        return lockouts.shut(timezone.now())

    @extend_schema(summary="Open a log-in again", request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def unlock(self, request: Request, pk: str) -> Response:
        """Before its time; what was counted is forgotten."""
        actions.unlock(lockout=self.get_object(), by=user_of(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
