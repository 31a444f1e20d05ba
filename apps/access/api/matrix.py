"""The authority matrix over the API: its editions, whom a request would need, and asking for a new edition."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from apps.access.actions import matrix as actions
from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.models import AuthorityVersion
from apps.access.queries import matrix
from apps.access.serializers import matrix as serializers
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


class Editions(ReadOnlyModelViewSet[AuthorityVersion]):
    """Every edition of the matrix with its lines."""

    permission = Permission.STAFF_READ
    permissions_by_action = {"propose": Permission.AUTHORITY_PROPOSE}
    serializer_class = serializers.EditionSerializer
    queryset = AuthorityVersion.objects.none()
    lookup_field, lookup_value_regex = "number", "[0-9]{1,9}"

    def get_queryset(self) -> QuerySet[AuthorityVersion]:
        """All of them, the newest first."""
        return matrix.versions()

    @extend_schema(summary="Whom a request would need", parameters=[serializers.TrialSerializer],
                   responses=serializers.NeedSerializer, filters=False)  # fmt: skip
    @action(detail=False, pagination_class=None)
    def need(self, request: Request) -> Response:
        """The line that holds today for an action, a product and an amount."""
        taken = serializers.TrialSerializer(data=request.query_params)
        taken.is_valid(raise_exception=True)
        version, said = matrix.version_in_force(timezone.localdate()), taken.validated_data
        rule = version and matrix.rule_for(
            version, said["action"], said["amount"], fees_only=said["fees_only"], product=said["product"]
        )
        if not rule:
            raise Refused(_("The authority matrix has no rule for this action and amount."), code="rule_missing")
        return Response(serializers.NeedSerializer(rule).data)

    @extend_schema(
        summary="Ask for a new edition",
        description="Published once those agree whom the matrix in force names; refused with what is wrong with it.",
        request=serializers.ProposalSerializer,
        responses={201: serializers.ProposedSerializer},
    )
    @action(detail=False, methods=["post"], url_path="proposals")
    def propose(self, request: Request) -> Response:
        """Request the edition."""
        taken = serializers.ProposalSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        asked = actions.propose(
            draft=taken.draft(),
            base=taken.validated_data["base"],
            reason=taken.validated_data["reason"],
            by=user_of(request),
            at=timezone.now(),
        )
        return Response(serializers.ProposedSerializer(asked).data, status=status.HTTP_201_CREATED)
