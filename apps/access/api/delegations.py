"""Delegations over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.actions import delegations as actions
from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.models import Delegation
from apps.access.queries import delegations
from apps.access.serializers.delegations import DelegationSerializer, GiveSerializer


@extend_schema_view(
    list=extend_schema(summary="Who decides for whom"), retrieve=extend_schema(summary="One delegation")
)
class Delegations(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Delegation]):
    """Letting somebody else decide in one's own name."""

    permission = Permission.APPROVAL_READ
    permissions_by_action = {"create": Permission.APPROVAL_DECIDE}
    queryset = Delegation.objects.none()
    serializer_class = DelegationSerializer
    lookup_field, lookup_value_regex = "reference", "[^/]+"

    def get_queryset(self) -> QuerySet[Delegation]:
        """What this user may see."""
        return delegations.visible_to(user_of(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        """With the day on which it is asked what holds."""
        return {**super().get_serializer_context(), "today": timezone.localdate()}

    @extend_schema(summary="Delegate", request=GiveSerializer, responses={201: DelegationSerializer})
    def create(self, request: Request) -> Response:
        """Let somebody decide in a role of one's own on some days."""
        sent = GiveSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = actions.give(**sent.given(), by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="End a delegation", request=None, responses=DelegationSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, reference: str) -> Response:
        """End it before its time."""
        found = actions.end(reference=self.get_object().reference, by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(found).data)
