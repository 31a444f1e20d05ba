"""Arrangements over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.queries import people
from apps.bills.api.shared import ByReference, taken
from apps.cases import filters
from apps.cases.actions import arrangements as actions
from apps.cases.actions import signing
from apps.cases.domain.arrangements import ArrangementKind
from apps.cases.models import Arrangement
from apps.cases.queries import arrangements as queries
from apps.cases.queries import proposals
from apps.cases.serializers import arrangements as bodies
from apps.cases.serializers.shared import WhySerializer
from apps.closing import queries as closing

PROPOSING = ("create", "calculation", "link", "recording", "withdrawal")


@extend_schema_view(list=extend_schema(summary="Arrangements"), retrieve=extend_schema(summary="One arrangement"))
class Arrangements(ByReference[Arrangement]):
    """What is arranged with customers about their debt, from the proposal to its end."""

    permission = Permission.CASE_READ
    permissions_by_action = dict.fromkeys(PROPOSING, Permission.ARRANGEMENT_PROPOSE)
    queryset = Arrangement.objects.none()
    serializer_class = bodies.ArrangementSerializer
    filterset_class = filters.Arrangements

    def get_queryset(self) -> QuerySet[Arrangement]:
        """Those that the user may see."""
        return queries.visible_to(user_of(self.request)).prefetch_related("parts")

    @extend_schema(
        summary="Propose an arrangement",
        description="Whoever the authority matrix names must agree; a customer has one at a time, so that a second "
        "proposal is refused with the reference of the first.",
        request=bodies.ArrangementProposalSerializer,
        responses={201: bodies.ArrangementSerializer},
    )
    def create(self, request: Request) -> Response:
        """Propose it and ask for its approval."""
        said = taken(bodies.ArrangementProposalSerializer, request)
        made = actions.propose(
            case=said["case"],
            asked=bodies.ArrangementTermsSerializer.asked(said, ArrangementKind(said["kind"])),
            budget=bodies.ArrangementTermsSerializer.budget(said),
            reason=said["reason"],
            by=user_of(request),
            at=timezone.now(),
        )
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Reckon every kind side by side",
        request=bodies.ArrangementTermsSerializer,
        responses={200: bodies.ArrangementOptionSerializer(many=True)},
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def calculation(self, request: Request) -> Response:
        """What each kind would cost, and why one may not be had; nothing is kept."""
        said, user = taken(bodies.ArrangementTermsSerializer, request), user_of(request)
        today = closing.business_date_at(timezone.now())
        asked = bodies.ArrangementTermsSerializer.asked(said, ArrangementKind.SETTLEMENT)
        found = proposals.options(
            said["case"].customer,
            queries.owing(said["case"].customer, today),
            asked,
            bodies.ArrangementTermsSerializer.budget(said),
            roles=people.roles_of(user),
            policy=queries.policy(today),
            date=today,
            fee_rate=asked.monthly_fee_rate,
        )
        return Response(bodies.ArrangementOptionSerializer(list(found), many=True).data)

    @extend_schema(
        summary="Send the address under which to sign", request=None, responses={200: bodies.SigningLinkSerializer}
    )
    @action(detail=True, methods=["post"])
    def link(self, request: Request, reference: str) -> Response:
        """Good once and until the last day for the signature."""
        made = signing.send_link(arrangement=self.get_object(), by=user_of(request), at=timezone.now())
        return Response(bodies.SigningLinkSerializer(made).data)

    @extend_schema(
        summary="Note the agreement in a recorded call",
        request=bodies.RecordingSerializer,
        responses={200: bodies.ArrangementSerializer},
    )
    @action(detail=True, methods=["post"])
    def recording(self, request: Request, reference: str) -> Response:
        """Collection stops."""
        said = taken(bodies.RecordingSerializer, request)
        found = signing.sign_by_recording(arrangement=self.get_object(), **said, by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(found).data)

    @extend_schema(
        summary="Take an arrangement back", request=WhySerializer, responses={200: bodies.ArrangementSerializer}
    )
    @action(detail=True, methods=["post"])
    def withdrawal(self, request: Request, reference: str) -> Response:
        """What is not signed."""
        said = taken(WhySerializer, request)
        found = actions.withdraw(arrangement=self.get_object(), **said, by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(found).data)
