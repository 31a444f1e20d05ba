"""The roster and the assignment over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.models import User
from apps.cases.actions import roster
from apps.cases.models import Case, RosterEntry
from apps.cases.queries import roster as queries
from apps.cases.serializers import roster as bodies


@extend_schema_view(
    list=extend_schema(summary="The roster"), retrieve=extend_schema(summary="What one person may be given")
)
class Roster(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RosterEntry]):
    """Who takes cases: queues, languages, products and how many."""

    permission = Permission.CASE_ASSIGN
    queryset = RosterEntry.objects.none()
    serializer_class = bodies.RosterEntrySerializer
    lookup_field, lookup_value_regex = "user__username", "[^/]+"
    lookup_url_kwarg = "user"
    pagination_class = None

    def get_queryset(self) -> QuerySet[RosterEntry]:
        """Everybody on it."""
        return queries.entries()

    @extend_schema(
        summary="Put somebody on the roster",
        request=bodies.NewRosterEntrySerializer,
        responses={201: bodies.RosterEntrySerializer},
    )
    def create(self, request: Request) -> Response:
        """They are given cases from the next assignment on."""
        sent = bodies.NewRosterEntrySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = roster.enter(
            user=sent.validated_data["user"], entry=sent.entry(), by=user_of(request), at=timezone.now()
        )
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Change what somebody may be given",
        request=bodies.RosterChangeSerializer,
        responses={200: bodies.RosterEntrySerializer},
    )
    def update(self, request: Request, user: str) -> Response:
        """From the next assignment on."""
        entry = self.get_object()
        sent = bodies.RosterChangeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = roster.enter(user=entry.user, entry=sent.entry(), by=user_of(request), at=timezone.now())
        return Response(self.get_serializer(made).data)

    @extend_schema(summary="Take somebody off the roster", responses={204: None})
    def destroy(self, request: Request, user: str) -> Response:
        """What they have stays theirs."""
        roster.leave(entry=self.get_object(), by=user_of(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Give the waiting cases to the roster, or see what that would do",
        request=bodies.AssignmentOrderSerializer,
        responses={200: bodies.RosterAssignmentSerializer},
    )
    @action(detail=False, methods=["post"])
    def assignment(self, request: Request) -> Response:
        """The first 1,000 in the order of priority; those that stay say why."""
        sent = bodies.AssignmentOrderSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        dry_run, user = sent.validated_data["dry_run"], user_of(request)
        _works, plan = (roster.propose if dry_run else roster.assign)(by=user, at=timezone.now())
        cases = dict(Case.objects.filter(pk__in={*plan.given, *plan.left}).values_list("pk", "reference"))
        people = dict(User.objects.filter(pk__in=plan.given.values()).values_list("pk", "username"))
        told = {
            "dry_run": dry_run,
            "given": [{"case": cases[case], "owner": people[owner]} for case, owner in plan.given.items()],
            "left": [{"case": cases[case], "reason": reason} for case, reason in plan.left.items()],
        }
        return Response(bodies.RosterAssignmentSerializer(told).data)
