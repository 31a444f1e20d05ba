"""The explorer's saved filters over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.filters import TRAIL_FILTERS
from apps.access.guard import user_of
from apps.access.queries import people
from apps.audit import serializers
from apps.audit.actions import saved_filters as actions
from apps.audit.queries import saved_filters


@extend_schema_view(list=extend_schema(summary="Saved filters"), retrieve=extend_schema(summary="One saved filter"))
class SavedFilters(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):  # type: ignore[type-arg]
    """Filters of the trail under a name: one's own, and those shared with a role that one holds."""

    permission = Permission.AUDIT_READ
    queryset = saved_filters.visible_to("", ()).none()
    serializer_class = serializers.SavedFilterSerializer
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the user may see."""
        user = user_of(self.request)
        return saved_filters.visible_to(user.actor_id, people.roles_of(user))

    @extend_schema(
        summary="Keep filters under a name",
        request=serializers.NewSavedFilterSerializer,
        responses={201: serializers.SavedFilterSerializer},
    )
    def create(self, request: Request) -> Response:
        """Keep them; the same name of the same person is replaced."""
        user = user_of(request)
        taken = serializers.NewSavedFilterSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        if unknown := sorted(taken.validated_data["filters"].keys() - set(TRAIL_FILTERS)):
            raise ValidationError({"filters": [_("There is no filter “%(name)s”.") % {"name": unknown[0]}]})
        kept = actions.keep(**taken.validated_data, roles=people.roles_of(user), by=user, at=timezone.now())
        return Response(self.get_serializer(kept).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Throw filters away", responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Only whoever kept them may."""
        actions.discard(kept=self.get_object(), by=user_of(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
