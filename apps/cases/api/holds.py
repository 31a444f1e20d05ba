"""Holds and disputes over the API."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.bills.api.shared import ByReference, taken
from apps.cases import filters
from apps.cases.actions import disputes, holds
from apps.cases.models import Dispute, Hold
from apps.cases.queries import disputes as dispute_queries
from apps.cases.queries import holds as hold_queries
from apps.cases.serializers import holds as bodies
from apps.cases.serializers.shared import WhySerializer

DECIDING = ("review", "ask_for_evidence", "decide", "withdraw")


@extend_schema_view(list=extend_schema(summary="Holds"), retrieve=extend_schema(summary="One hold"))
class Holds(ByReference[Hold]):
    """Days on which collecting from a customer stands still."""

    permission = Permission.CASE_READ
    permissions_by_action = {
        "create": Permission.HOLD_PLACE,
        "extend": Permission.HOLD_PLACE,
        "lift": Permission.HOLD_PLACE,
    }
    queryset = Hold.objects.none()
    serializer_class = bodies.HoldSerializer
    filterset_class = filters.Holds

    def get_queryset(self) -> QuerySet[Hold]:
        """Those of the customers that the user may see."""
        return hold_queries.visible_to(user_of(self.request))

    @extend_schema(
        summary="Place a hold",
        description="From the business date on. Refused to whoever may not place its kind, and beside another of it.",
        request=bodies.NewHoldSerializer,
        responses={201: bodies.HoldSerializer},
    )
    def create(self, request: Request) -> Response:
        """Let collecting stand still."""
        made = holds.place(**taken(bodies.NewHoldSerializer, request), by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Give it more days", request=bodies.MoreDaysSerializer, responses={200: bodies.HoldSerializer}
    )
    @action(detail=True, methods=["post"], url_path="extension")
    def extend(self, request: Request, reference: str) -> Response:
        """Move its end."""
        said = taken(bodies.MoreDaysSerializer, request)
        changed = holds.extend(hold=self.get_object(), **said, by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(changed).data)

    @extend_schema(summary="Lift it", request=WhySerializer, responses={200: bodies.HoldSerializer})
    @action(detail=True, methods=["post"], url_path="lifting")
    def lift(self, request: Request, reference: str) -> Response:
        """End it today."""
        said = taken(WhySerializer, request)
        changed = holds.lift(hold=self.get_object(), **said, by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(changed).data)


@extend_schema_view(list=extend_schema(summary="Disputes"), retrieve=extend_schema(summary="One dispute"))
class Disputes(ByReference[Dispute]):
    """What customers contest of what they owe, the clock of each, and what was decided."""

    permission = Permission.CASE_READ
    permissions_by_action = {
        "create": Permission.DISPUTE_RECORD,
        "add_evidence": Permission.DISPUTE_RECORD,
        **dict.fromkeys(DECIDING, Permission.DISPUTE_DECIDE),
    }
    queryset = Dispute.objects.none()
    serializer_class = bodies.DisputeSerializer
    filterset_class = filters.Disputes

    def get_queryset(self) -> QuerySet[Dispute]:
        """Those of the customers that the user may see."""
        found = dispute_queries.visible_to(user_of(self.request))
        return found.prefetch_related("bills__bill", "evidence__added_by")

    @extend_schema(
        summary="Record a dispute",
        description="It is answered within 20 days; until then a hold stops collecting.",
        request=bodies.NewDisputeSerializer,
        responses={201: bodies.DisputeSerializer},
    )
    def create(self, request: Request) -> Response:
        """Take a dispute in."""
        made = disputes.record(**taken(bodies.NewDisputeSerializer, request), by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Note a document", request=bodies.NewEvidenceSerializer, responses={201: bodies.EvidenceSerializer}
    )
    @action(detail=True, methods=["post"], url_path="evidence")
    def add_evidence(self, request: Request, reference: str) -> Response:
        """Keep what speaks for or against it."""
        said = taken(bodies.NewEvidenceSerializer, request)
        made = disputes.add_evidence(dispute=self.get_object(), **said, by=user_of(request), at=timezone.now())
        return Response(bodies.EvidenceSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Take it on", request=bodies.NothingSerializer, responses={200: bodies.DisputeSerializer})
    @action(detail=True, methods=["post"], url_path="review")
    def review(self, request: Request, reference: str) -> Response:
        """Be its handler."""
        return self._done(disputes.review, bodies.NothingSerializer, request)

    @extend_schema(summary="Wait for evidence", request=WhySerializer, responses={200: bodies.DisputeSerializer})
    @action(detail=True, methods=["post"], url_path="wanted")
    def ask_for_evidence(self, request: Request, reference: str) -> Response:
        """Say what is still to be shown."""
        return self._done(disputes.ask_for_evidence, WhySerializer, request)

    @extend_schema(
        summary="Decide it",
        description="Its hold is lifted. What is upheld names what puts it right.",
        request=bodies.VerdictSerializer,
        responses={200: bodies.DisputeSerializer},
    )
    @action(detail=True, methods=["post"], url_path="decision")
    def decide(self, request: Request, reference: str) -> Response:
        """Say what was found."""
        return self._done(disputes.decide, bodies.VerdictSerializer, request)

    @extend_schema(
        summary="Note that it was taken back", request=WhySerializer, responses={200: bodies.DisputeSerializer}
    )
    @action(detail=True, methods=["post"], url_path="withdrawal")
    def withdraw(self, request: Request, reference: str) -> Response:
        """End it without a decision."""
        return self._done(disputes.withdraw, WhySerializer, request)

    def _done(
        self, does: Callable[..., Dispute], kind: type[serializers.Serializer[Any]], request: Request
    ) -> Response:
        does(dispute=self.get_object(), **taken(kind, request), by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)
