"""Write-offs over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.queries import approvals
from apps.access.serializers import ApprovalSerializer
from apps.bills import filters
from apps.bills.actions import write_offs
from apps.bills.api.shared import ASKED_AGAIN, IDEMPOTENCY, ByReference, taken
from apps.bills.models import WriteOff
from apps.bills.queries import write_offs as queries
from apps.bills.serializers import write_offs as serializers


@extend_schema_view(list=extend_schema(summary="Write-offs"), retrieve=extend_schema(summary="One write-off"))
class WriteOffs(ByReference[WriteOff]):
    """Bills that were written off, and what of them came back."""

    permissions_by_action = dict.fromkeys(("create", "ask_for_reversal"), Permission.WRITE_OFF_REQUEST)
    queryset = WriteOff.objects.none()
    serializer_class = serializers.WriteOffSerializer
    filterset_class = filters.WriteOffs

    def get_queryset(self) -> QuerySet[WriteOff]:
        """Those that the user may see."""
        return queries.visible_to(user_of(self.request))

    @extend_schema(
        summary="Ask for a bill to be written off",
        description="The answer is the request; the bill is written off when everybody whom the rule names has agreed. "
        + ASKED_AGAIN,
        parameters=[IDEMPOTENCY],
        request=serializers.NewWriteOffSerializer,
        responses={202: ApprovalSerializer},
    )
    def create(self, request: Request) -> Response:
        """Send the request to whoever must agree."""
        said = taken(serializers.NewWriteOffSerializer, request)
        asked = write_offs.request(by=user_of(request), at=timezone.now(), **said)
        return self._asked(request, asked.reference)

    @extend_schema(
        summary="Ask for a write-off to be reversed",
        description=ASKED_AGAIN,
        parameters=[IDEMPOTENCY],
        request=serializers.WriteOffReversalSerializer,
        responses={202: ApprovalSerializer},
    )
    @action(detail=True, methods=["post"], url_path="reversal")
    def ask_for_reversal(self, request: Request, reference: str) -> Response:
        """Send the request to whoever must agree."""
        said = taken(serializers.WriteOffReversalSerializer, request)
        asked = write_offs.request_reversal(write_off=self.get_object(), by=user_of(request), at=timezone.now(), **said)
        return self._asked(request, asked.reference)

    def _asked(self, request: Request, reference: str) -> Response:
        user = user_of(request)
        asked = approvals.visible_to(user).get(reference=reference)
        shown = ApprovalSerializer(asked, context={"decider": approvals.decider_of(user, timezone.now())})
        return Response(shown.data, status=status.HTTP_202_ACCEPTED)
