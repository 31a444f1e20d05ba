"""Complaints over the API."""

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
from apps.access.serializers import ApprovalSerializer
from apps.bills.api.shared import ByReference, taken
from apps.cases import filters
from apps.cases.actions import complaints
from apps.cases.models import Complaint
from apps.cases.queries import complaints as queries
from apps.cases.serializers import complaints as bodies
from apps.cases.serializers.shared import WhySerializer

HANDLING = ("give", "call_complex", "request_extension", "answer", "withdraw", "reopen")


@extend_schema_view(list=extend_schema(summary="Complaints"), retrieve=extend_schema(summary="One complaint"))
class Complaints(ByReference[Complaint]):
    """What customers complain about, the clock of each, and what was answered."""

    permission = Permission.COMPLAINT_READ
    permissions_by_action = {
        "create": Permission.COMPLAINT_RECORD,
        **dict.fromkeys(HANDLING, Permission.COMPLAINT_HANDLE),
    }
    queryset = Complaint.objects.none()
    serializer_class = bodies.ComplaintSerializer
    filterset_class = filters.Complaints

    def get_queryset(self) -> QuerySet[Complaint]:
        """Those that the user may see."""
        return queries.visible_to(user_of(self.request))

    @extend_schema(
        summary="Record a complaint",
        description="Its clock runs from the day on which it was received: 15 days.",
        request=bodies.NewComplaintSerializer,
        responses={201: bodies.ComplaintSerializer},
    )
    def create(self, request: Request) -> Response:
        """Take a complaint in."""
        said = taken(bodies.NewComplaintSerializer, request)
        made = complaints.record(**said, by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Give it to a handler",
        description="Refused where they have an interest in how it ends.",
        request=bodies.HandlerSerializer,
        responses={200: bodies.ComplaintSerializer},
    )
    @action(detail=True, methods=["post"], url_path="handler")
    def give(self, request: Request, reference: str) -> Response:
        """Say who handles it."""
        return self._done(complaints.give, bodies.HandlerSerializer, request)

    @extend_schema(
        summary="Call it complex: 30 days",
        request=WhySerializer,
        responses={200: bodies.ComplaintSerializer},
    )
    @action(detail=True, methods=["post"], url_path="complex")
    def call_complex(self, request: Request, reference: str) -> Response:
        """Take more time."""
        return self._done(complaints.call_complex, WhySerializer, request)

    @extend_schema(
        summary="Ask for 60 days",
        request=WhySerializer,
        responses={201: ApprovalSerializer},
    )
    @action(detail=True, methods=["post"], url_path="extension")
    def request_extension(self, request: Request, reference: str) -> Response:
        """Ask whoever must agree."""
        said = taken(WhySerializer, request)
        asked = complaints.request_extension(
            complaint=self.get_object(), **said, by=user_of(request), at=timezone.now()
        )
        return Response(ApprovalSerializer(asked).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Answer it",
        request=bodies.ComplaintAnswerSerializer,
        responses={200: bodies.ComplaintSerializer},
    )
    @action(detail=True, methods=["post"], url_path="answer")
    def answer(self, request: Request, reference: str) -> Response:
        """Say what was found."""
        return self._done(complaints.answer, bodies.ComplaintAnswerSerializer, request)

    @extend_schema(
        summary="Note that it was taken back",
        request=WhySerializer,
        responses={200: bodies.ComplaintSerializer},
    )
    @action(detail=True, methods=["post"], url_path="withdrawal")
    def withdraw(self, request: Request, reference: str) -> Response:
        """End it without an answer."""
        return self._done(complaints.withdraw, WhySerializer, request)

    @extend_schema(
        summary="Reopen it",
        description="The customer does not accept the answer: the clock begins again, with another handler.",
        request=WhySerializer,
        responses={200: bodies.ComplaintSerializer},
    )
    @action(detail=True, methods=["post"], url_path="reopening")
    def reopen(self, request: Request, reference: str) -> Response:
        """Take it up again."""
        return self._done(complaints.reopen, WhySerializer, request)

    def _done(
        self, does: Callable[..., Complaint], kind: type[serializers.Serializer[Any]], request: Request
    ) -> Response:
        said = taken(kind, request)
        changed = does(complaint=self.get_object(), **said, by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(changed).data)
