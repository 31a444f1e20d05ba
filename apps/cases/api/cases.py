"""Cases, tasks, contacts and promises over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.cases import filters, serializers
from apps.cases.actions import contacts
from apps.cases.models import Case, Contact, Promise, Task
from apps.cases.queries import cases, worklist


@extend_schema_view(list=extend_schema(summary="Cases"), retrieve=extend_schema(summary="One case"))
class Cases(viewsets.ReadOnlyModelViewSet[Case]):
    """The work of collecting: at most one open case for each customer."""

    permission = Permission.CASE_READ
    queryset = Case.objects.none()
    serializer_class = serializers.CaseSerializer
    filterset_class = filters.Cases
    lookup_field, lookup_value_regex = "reference", "[^/]+"

    def get_queryset(self) -> QuerySet[Case]:
        """Those that the user may see."""
        return cases.visible_to(user_of(self.request)).select_related("strategy")


@extend_schema_view(list=extend_schema(summary="Tasks"), retrieve=extend_schema(summary="One task"))
class Tasks(viewsets.ReadOnlyModelViewSet[Task]):
    """What people are to do about cases."""

    permission = Permission.CASE_READ
    queryset = Task.objects.none()
    serializer_class = serializers.TaskSerializer
    filterset_class = filters.Tasks

    def get_queryset(self) -> QuerySet[Task]:
        """Those of the cases that the user may see."""
        return worklist.tasks(user_of(self.request))


@extend_schema_view(list=extend_schema(summary="Contacts"), retrieve=extend_schema(summary="One contact"))
class Contacts(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Contact]):
    """Contacts with customers as they were recorded."""

    permission = Permission.CASE_READ
    permissions_by_action = {"create": Permission.CASE_WORK}
    queryset = Contact.objects.none()
    serializer_class = serializers.ContactSerializer
    filterset_class = filters.Contacts

    def get_queryset(self) -> QuerySet[Contact]:
        """Those of the cases that the user may see."""
        return worklist.contacts(user_of(self.request))

    @extend_schema(
        summary="Record a contact",
        description="Every contact passes the conduct gate; where it says no, nothing is recorded and the answer "
        "is 409 with a code that begins with `gate_`.",
        request=serializers.NewContactSerializer,
        responses={201: serializers.ContactSerializer},
    )
    def create(self, request: Request) -> Response:
        """Keep a contact, its outcome and its promise."""
        user = user_of(request)
        taken = serializers.NewContactSerializer(data=request.data, context={"user": user})
        taken.is_valid(raise_exception=True)
        contact = contacts.record(**taken.validated_data, by=user, at=timezone.now())
        return Response(self.get_serializer(contact).data, status=status.HTTP_201_CREATED)


@extend_schema_view(list=extend_schema(summary="Promises"), retrieve=extend_schema(summary="One promise"))
class Promises(viewsets.ReadOnlyModelViewSet[Promise]):
    """Promises to pay, judged by the ledger."""

    permission = Permission.CASE_READ
    queryset = Promise.objects.none()
    serializer_class = serializers.PromiseSerializer
    filterset_class = filters.Promises

    def get_queryset(self) -> QuerySet[Promise]:
        """Those of the cases that the user may see."""
        return worklist.promises(user_of(self.request))
