"""Requests for controlled actions over the API."""

from typing import Any, cast

from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from apps.access.actions import approvals as actions
from apps.access.actions import comments
from apps.access.domain.approval import Verdict
from apps.access.domain.permissions import Permission
from apps.access.filters import Approvals
from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals
from apps.access.serializers import (
    AnsweredSerializer,
    ApprovalSerializer,
    CommentSerializer,
    DecideManySerializer,
    DecideSerializer,
)


class OfNow(DjangoFilterBackend):
    """The filters of requests, as of now."""

    def get_filterset_kwargs(self, request: Request, queryset: Any, view: Any) -> dict[str, Any]:
        """With the moment of the question."""
        return {**super().get_filterset_kwargs(request, queryset, view), "at": timezone.now()}


class ApprovalViewSet(ReadOnlyModelViewSet[ApprovalRequest]):
    """The approvals inbox."""

    permission = Permission.APPROVAL_READ
    stepped_up = ("decide", "decide_many")
    permissions_by_action = dict.fromkeys(stepped_up, Permission.APPROVAL_DECIDE)
    serializer_class = ApprovalSerializer
    filterset_class = Approvals
    filter_backends = (OfNow,)
    queryset = ApprovalRequest.objects.none()
    lookup_field = "reference"

    def get_queryset(self) -> Any:
        """What this user may see."""
        return approvals.visible_to(cast(User, self.request.user))

    def get_serializer_context(self) -> dict[str, Any]:
        """With whoever asks, weighed once for all rows."""
        user = self.request.user
        weighed = {"decider": approvals.decider_of(user, timezone.now())} if isinstance(user, User) else {}
        return {**super().get_serializer_context(), **weighed}

    @extend_schema(request=DecideSerializer, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, reference: str) -> Response:
        """Approve or reject; the last approval carries the action out."""
        asked = self.get_object()
        taken = DecideSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        verdict, reason = Verdict(taken.validated_data["verdict"]), taken.validated_data["reason"]
        by = cast(User, request.user)
        actions.decide(reference=asked.reference, verdict=verdict, reason=reason, by=by, at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Say the same to several requests",
        request=DecideManySerializer,
        responses=AnsweredSerializer(many=True),
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="decisions", pagination_class=None)
    def decide_many(self, request: Request) -> Response:
        """Each in its own transaction, where its rule allows several at once; one refused stops no other."""
        taken = DecideManySerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        sent, by = taken.validated_data, cast(User, request.user)
        seen = approvals.visible_to(by).filter(reference__in=sent["references"]).order_by("pk")
        answers = actions.decide_many(
            references=[asked.reference for asked in seen],
            verdict=Verdict(sent["verdict"]),
            reason=sent["reason"],
            by=by,
            at=timezone.now(),
        )
        return Response(AnsweredSerializer(answers, many=True).data)

    @extend_schema(summary="Comment on a request", request=CommentSerializer, responses={201: CommentSerializer})
    @action(detail=True, methods=["post"])
    def comment(self, request: Request, reference: str) -> Response:
        """Say something to it without deciding."""
        asked = self.get_object()
        sent = CommentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        by, text = cast(User, request.user), sent.validated_data["text"]
        made = comments.say(reference=asked.reference, text=text, by=by, at=timezone.now())
        return Response(CommentSerializer(made).data, status=status.HTTP_201_CREATED)
