"""People and roles over the API."""

from typing import Any, cast

from rest_framework.viewsets import ReadOnlyModelViewSet

from apps.access.domain.permissions import Permission
from apps.access.filters import Staff
from apps.access.models import Role, User
from apps.access.queries import people
from apps.access.serializers import RoleSerializer, StaffSerializer


class StaffViewSet(ReadOnlyModelViewSet[User]):
    """Who works here."""

    permission = Permission.STAFF_READ
    serializer_class = StaffSerializer
    filterset_class = Staff
    queryset = User.objects.none()
    lookup_field = "username"

    def get_queryset(self) -> Any:
        """What this user may see."""
        return people.visible_to(cast(User, self.request.user))


class RoleViewSet(ReadOnlyModelViewSet[Role]):
    """Who may what."""

    permission = Permission.STAFF_READ
    serializer_class = RoleSerializer
    queryset = Role.objects.none()
    lookup_field = "code"

    def get_queryset(self) -> Any:
        """Every role."""
        return people.roles()
