"""Customers, their statements and credit lines over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.queries import approvals
from apps.access.serializers import ApprovalSerializer
from apps.bills import filters, serializers
from apps.bills.api.shared import ByReference
from apps.bills.forms.statement import Period
from apps.bills.queries import people, standing
from apps.bills.serializers.erasure import ErasureSerializer
from apps.bills.serializers.reveals import RevealedSerializer, RevealSerializer
from apps.bills.serializers.statement import StatementSerializer
from apps.closing import queries as closing
from apps.credit import queries as credit
from apps.credit.models import CreditLine
from apps.customers.actions import erasure, reveals
from apps.customers.models import Customer

PERIOD = [
    OpenApiParameter("date", OpenApiTypes.DATE, description="The day at whose end; the business date unless told."),
    OpenApiParameter("from", OpenApiTypes.DATE, description="The first day of the entries; all of them unless told."),
    OpenApiParameter("known", OpenApiTypes.DATETIME, description="As it was booked by this moment; now unless told."),
]


@extend_schema_view(
    list=extend_schema(summary="Customers", description="Contact points are masked."),
    retrieve=extend_schema(summary="One customer"),
)
class Customers(ByReference[Customer]):
    """Customers and how their accounts stood when the last day was closed."""

    permission = Permission.CUSTOMER_READ
    permissions_by_action = {
        "statement": Permission.BILL_READ,
        "erasure": Permission.ERASURE_REQUEST,
        "reveal": Permission.PERSONAL_REVEAL,
    }
    queryset = Customer.objects.none()
    serializer_class = serializers.CustomerSerializer
    filterset_class = filters.Customers

    def get_queryset(self) -> QuerySet[Customer]:
        """Those whom the user may see."""
        return people.visible_to(user_of(self.request)).prefetch_related("contact_points")

    @extend_schema(
        summary="Ask for a customer's personal data to be erased",
        description="The answer is the request; the data are erased when everybody whom the rule names has agreed.",
        request=ErasureSerializer,
        responses={202: ApprovalSerializer},
    )
    @action(detail=True, methods=["post"])
    def erasure(self, request: Request, reference: str) -> Response:
        """Send the request to whoever must agree."""
        user, told = user_of(request), ErasureSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        asked = erasure.request(customer=self.get_object(), by=user, at=timezone.now(), **told.validated_data)
        shown = approvals.visible_to(user).get(reference=asked.reference)
        body = ApprovalSerializer(shown, context={"decider": approvals.decider_of(user, timezone.now())}).data
        return Response(body, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="Have a personal value shown",
        description="One value in the clear, for a reason; that it was shown is counted and kept in the trail.",
        request=RevealSerializer,
        responses=RevealedSerializer,
    )
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, reference: str) -> Response:
        """Show it, and let nobody keep the answer."""
        told = RevealSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        user, now = user_of(request), timezone.now()
        value = reveals.reveal(of=self.get_object(), by=user, at=now, **told.validated_data)
        body = {"field": told.validated_data["field"], "value": value}
        return Response(body, headers={"Cache-Control": "no-store"})

    @extend_schema(
        summary="The statement of a customer",
        description="The account at the end of a day: as everything is known now, or as it was booked by a moment.",
        parameters=PERIOD,
        responses=StatementSerializer,
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def statement(self, request: Request, reference: str) -> Response:
        """How the account stood, and how it came there since a day, or since its beginning."""
        customer = self.get_object()
        asked = {"from": "", **request.query_params.dict()}
        period = Period(asked, business_date=closing.business_date_at(timezone.now()))
        if not period.is_valid():
            raise ValidationError({field: [*map(str, told)] for field, told in period.errors.items()})
        found = standing.of(user_of(request), customer, **period.period)
        return Response(StatementSerializer(found).data)


@extend_schema_view(list=extend_schema(summary="Credit lines"), retrieve=extend_schema(summary="One credit line"))
class CreditLines(ByReference[CreditLine]):
    """How much each customer may owe at once."""

    permission = Permission.CUSTOMER_READ
    queryset = CreditLine.objects.none()
    serializer_class = serializers.CreditLineSerializer
    filterset_class = filters.CreditLines

    def get_queryset(self) -> QuerySet[CreditLine]:
        """Those that the user may see."""
        return credit.visible_to(user_of(self.request))
