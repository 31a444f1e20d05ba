"""Messages and gate decisions over the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import viewsets

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.outreach import filters, serializers
from apps.outreach.models import GateDecision, Message
from apps.outreach.queries import decisions, messages


@extend_schema_view(
    list=extend_schema(summary="Messages", description="Without their text; addresses are masked."),
    retrieve=extend_schema(summary="One message"),
)
class Messages(viewsets.ReadOnlyModelViewSet[Message]):
    """The outbox: what waits, what went out, what may not."""

    permission = Permission.OUTREACH_READ
    queryset = Message.objects.none()
    serializer_class = serializers.MessageSerializer
    filterset_class = filters.Messages
    lookup_field, lookup_value_regex = "reference", "[^/]+"

    def get_queryset(self) -> QuerySet[Message]:
        """Those that the user may see."""
        return messages.visible_to(user_of(self.request))


@extend_schema_view(list=extend_schema(summary="Gate decisions"), retrieve=extend_schema(summary="One gate decision"))
class GateDecisions(viewsets.ReadOnlyModelViewSet[GateDecision]):
    """What the conduct gate said to each contact, and why."""

    permission = Permission.OUTREACH_READ
    queryset = GateDecision.objects.none()
    serializer_class = serializers.GateDecisionSerializer
    filterset_class = filters.Decisions

    def get_queryset(self) -> QuerySet[GateDecision]:
        """Those that the user may see."""
        return decisions.visible_to(user_of(self.request))
