"""Strategies over the API: versions, their check, comparison, simulation and publication."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.models import ApprovalRequest
from apps.access.serializers import ApprovalSerializer
from apps.bills.api.shared import taken
from apps.cases import tasks
from apps.cases.actions import simulations as simulating
from apps.cases.actions import strategy_drafts as actions
from apps.cases.domain.strategy_schema import SCHEMA
from apps.cases.models import Simulation, StrategyVersion
from apps.cases.queries import simulations, strategy_wording
from apps.cases.queries import strategies as queries
from apps.cases.serializers import strategies as bodies
from apps.cases.serializers.shared import WhySerializer

DRAFTING = ("create", "change", "rebase", "discard", "publish", "roll_back", "simulate", "check")


@extend_schema_view(
    list=extend_schema(summary="Versions of strategies"), retrieve=extend_schema(summary="One version, `code@version`")
)
class Strategies(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[StrategyVersion]):
    """Treatment paths: what is done with a customer at how many days past due."""

    permission = Permission.STRATEGY_READ
    permissions_by_action = dict.fromkeys(DRAFTING, Permission.STRATEGY_DRAFT)
    queryset = StrategyVersion.objects.none()
    serializer_class = bodies.StrategySerializer
    lookup_field, lookup_url_kwarg, lookup_value_regex = "code", "reference", "[^/]+"

    def get_queryset(self) -> QuerySet[StrategyVersion]:
        """All of them: they tell of no customer."""
        return queries.versions()

    def get_object(self) -> StrategyVersion:
        """The version that `code@version` names."""
        found = queries.named(self.kwargs["reference"])
        if found is None:
            raise Http404
        return found

    @extend_schema(summary="The schema of a document", responses={200: OpenApiTypes.OBJECT})
    @action(detail=False, methods=["get"], url_path="schema", pagination_class=None, filter_backends=())
    def document_schema(self, request: Request) -> Response:
        """A JSON Schema, draft 2020-12."""
        return Response(SCHEMA)

    @extend_schema(
        summary="What is wrong with a document",
        request=bodies.DocumentSerializer,
        responses={200: bodies.FaultsSerializer},
    )
    @action(detail=False, methods=["post"], url_path="validation")
    def check(self, request: Request) -> Response:
        """Sentences that name the step; nothing is kept."""
        said = taken(bodies.DocumentSerializer, request)
        return Response({"faults": queries.faults(said["document"], timezone.now())})

    @extend_schema(
        summary="Draw a new version",
        description="It gets the next number of its code and rests on the version in force; it may have faults still.",
        request=bodies.DocumentSerializer,
        responses={201: bodies.StrategySerializer},
    )
    def create(self, request: Request) -> Response:
        """Keep a draft."""
        said = taken(bodies.DocumentSerializer, request)
        made = actions.draw(document=said["document"], by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Change a draft", request=bodies.DocumentSerializer, responses={200: bodies.StrategySerializer}
    )
    @action(detail=True, methods=["post"], url_path="document")
    def change(self, request: Request, reference: str) -> Response:
        """Keep what it says now; its code and number stay."""
        said = taken(bodies.DocumentSerializer, request)
        return self._shown(
            actions.change(
                version=self.get_object(), document=said["document"], by=user_of(request), at=timezone.now()
            )
        )  # fmt: skip

    @extend_schema(
        summary="Let a draft rest on the version in force", request=None, responses={200: bodies.StrategySerializer}
    )
    @action(detail=True, methods=["post"], url_path="base")
    def rebase(self, request: Request, reference: str) -> Response:
        """After a look at what it would change in it."""
        return self._shown(actions.rebase(version=self.get_object(), by=user_of(request), at=timezone.now()))

    @extend_schema(summary="Throw a draft away", request=None, responses={200: bodies.StrategySerializer})
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, reference: str) -> Response:
        """Its number is not given again."""
        return self._shown(actions.discard(version=self.get_object(), by=user_of(request), at=timezone.now()))

    @extend_schema(
        summary="What a version changes",
        parameters=[OpenApiParameter("with", str, description="The other version; left out: the one in force.")],
        responses={200: bodies.StrategyChangeSerializer(many=True)},
    )
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=())
    def comparison(self, request: Request, reference: str) -> Response:
        """Step by step and field by field."""
        named = request.query_params.get("with")
        other = queries.named(named) if named else queries.in_force()
        if other is None:
            raise Http404
        changes = queries.compare(other, self.get_object().document)
        rows = [change._asdict() | {"sentence": strategy_wording.change(change)} for change in changes]
        return Response(bodies.StrategyChangeSerializer(rows, many=True).data)

    @extend_schema(
        summary="Ask for a draft to be published",
        description="In force once those agree whom the authority matrix names; refused with faults, or where the "
        "version that it was drawn from is not in force any more (`base_moved_on`).",
        request=WhySerializer,
        responses={201: ApprovalSerializer},
    )
    @action(detail=True, methods=["post"], url_path="publication")
    def publish(self, request: Request, reference: str) -> Response:
        """Send the request."""
        said = taken(WhySerializer, request)
        return _asked(
            actions.request_publication(version=self.get_object(), **said, by=user_of(request), at=timezone.now())
        )

    @extend_schema(
        summary="Ask to go back to an earlier version",
        request=bodies.RollBackSerializer,
        responses={201: ApprovalSerializer},
    )
    @action(detail=True, methods=["post"], url_path="roll-back")
    def roll_back(self, request: Request, reference: str) -> Response:
        """Send the request."""
        said = taken(bodies.RollBackSerializer, request)
        return _asked(
            actions.request_roll_back(version=self.get_object(), **said, by=user_of(request), at=timezone.now())
        )

    @extend_schema(
        summary="Ask for a simulation",
        description="Run by a worker, the version in force beside it; look at the answer's reference until it is done.",
        request=bodies.PeriodSerializer,
        responses={202: bodies.SimulationSerializer},
    )
    @action(detail=True, methods=["post"], url_path="simulation")
    def simulate(self, request: Request, reference: str) -> Response:
        """Nothing of the book is written, nothing is sent."""
        said = taken(bodies.PeriodSerializer, request)
        asked = simulating.ask(version=self.get_object(), **said, by=user_of(request), at=timezone.now())
        tasks.wake(asked)
        return Response(bodies.SimulationSerializer(asked).data, status=status.HTTP_202_ACCEPTED)

    def _shown(self, version: StrategyVersion) -> Response:
        return Response(self.get_serializer(version).data)


@extend_schema_view(list=extend_schema(summary="Simulations"), retrieve=extend_schema(summary="One simulation"))
class Simulations(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Simulation]):
    """What versions of strategies would have made on some days."""

    permission = Permission.STRATEGY_READ
    queryset = Simulation.objects.none()
    serializer_class = bodies.SimulationSerializer
    lookup_field, lookup_value_regex = "reference", "[^/]+"

    def get_queryset(self) -> QuerySet[Simulation]:
        """All of them, the latest first."""
        return simulations.simulations()


def _asked(asked: ApprovalRequest) -> Response:
    shown: dict[str, Any] = dict(ApprovalSerializer(asked).data)
    return Response(shown, status=status.HTTP_201_CREATED)
