"""Customers, credit lines, bills, repayments and the ledger over the API."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.bills import filters, serializers
from apps.bills.actions import repayments
from apps.bills.actions import suspense as parking
from apps.bills.api.keys import IDEMPOTENCY, REFERENCE, taken
from apps.bills.forms.receipts import SettlementDay
from apps.bills.forms.statement import Period
from apps.bills.models import Bill, LedgerEntry, Repayment
from apps.bills.queries import bills, fees, ledger, people, receipts, settlement, standing
from apps.bills.serializers import suspense as parked
from apps.bills.serializers.receipts import QuoteSerializer, ReversalSerializer
from apps.bills.serializers.statement import StatementSerializer
from apps.closing import queries as closing
from apps.credit import queries as credit
from apps.credit.models import CreditLine
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
class Customers(viewsets.ReadOnlyModelViewSet[Customer]):
    """Customers and how their accounts stood when the last day was closed."""

    permission = Permission.CUSTOMER_READ
    permissions_by_action = {"statement": Permission.BILL_READ}
    queryset = Customer.objects.none()
    serializer_class = serializers.CustomerSerializer
    filterset_class = filters.Customers
    lookup_field, lookup_value_regex = "reference", REFERENCE

    def get_queryset(self) -> QuerySet[Customer]:
        """Those whom the user may see."""
        return people.visible_to(user_of(self.request)).prefetch_related("contact_points")

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
class CreditLines(viewsets.ReadOnlyModelViewSet[CreditLine]):
    """How much each customer may owe at once."""

    permission = Permission.CUSTOMER_READ
    queryset = CreditLine.objects.none()
    serializer_class = serializers.CreditLineSerializer
    filterset_class = filters.CreditLines
    lookup_field, lookup_value_regex = "reference", REFERENCE

    def get_queryset(self) -> QuerySet[CreditLine]:
        """Those that the user may see."""
        return credit.visible_to(user_of(self.request))


@extend_schema_view(list=extend_schema(summary="Bills"), retrieve=extend_schema(summary="One bill"))
class Bills(viewsets.ReadOnlyModelViewSet[Bill]):
    """Bills with what is open on them and their instalments."""

    permission = Permission.BILL_READ
    queryset = Bill.objects.none()
    serializer_class = serializers.BillSerializer
    filterset_class = filters.Bills
    lookup_field, lookup_value_regex = "reference", REFERENCE

    @extend_schema(
        summary="What settles a bill on a day",
        parameters=[OpenApiParameter("date", OpenApiTypes.DATE, description="The business date unless told.")],
        responses={200: QuoteSerializer},
    )
    @action(detail=True, url_path="settlement", filterset_class=None, pagination_class=None)
    def settlement(self, request: Request, reference: str) -> Response:
        """What must be paid, and what of the fees falls."""
        form = SettlementDay(request.query_params)
        if not form.is_valid():
            raise ValidationError({field: [*map(str, told)] for field, told in form.errors.items()})
        date = form.cleaned_data["date"] or closing.business_date_at(timezone.now())
        return Response(QuoteSerializer(settlement.quote(self.get_object(), date)).data)

    def get_queryset(self) -> QuerySet[Bill]:
        """Those that the user may see."""
        found = bills.visible_to(user_of(self.request)).prefetch_related("instalments")
        return fees.with_accrued(found, closing.last_closed_date())


@extend_schema_view(list=extend_schema(summary="Repayments"), retrieve=extend_schema(summary="One repayment"))
class Repayments(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Repayment]):
    """Money received from customers."""

    permission = Permission.BILL_READ
    permissions_by_action = {"create": Permission.REPAYMENT_RECORD, "reverse": Permission.REPAYMENT_REVERSE}
    queryset = Repayment.objects.none()
    serializer_class = serializers.RepaymentSerializer
    filterset_class = filters.Repayments
    lookup_field, lookup_value_regex = "reference", REFERENCE

    def get_queryset(self) -> QuerySet[Repayment]:
        """Those that the user may see."""
        return receipts.visible_to(user_of(self.request))

    @extend_schema(
        summary="Record a repayment",
        description="The same reference with the same content is answered with what was booked before, and status 200; "
        "with other content it is refused with 409. Money of an unknown customer is parked: status 202 and the item in "
        "suspense.",
        parameters=[IDEMPOTENCY],
        request=serializers.NewRepaymentSerializer,
        responses={
            200: serializers.RepaymentSerializer,
            201: serializers.RepaymentSerializer,
            202: parked.SuspenseSerializer,
        },
    )
    def create(self, request: Request) -> Response:
        """Take a repayment once, whatever the number of times it is sent; park it where its customer is not known."""
        now = timezone.now()
        if not parked.names_a_customer(request.data, user_of(request)):
            return self._park(request, now)
        context = {"idempotency_key": request.headers.get("Idempotency-Key"), "user": user_of(request)}
        taken = serializers.NewRepaymentSerializer(data=request.data, context=context)
        taken.is_valid(raise_exception=True)
        was_known = receipts.is_known(taken.validated_data["reference"])
        business_date = closing.business_date_at(now)
        repayment = repayments.record(**taken.validated_data, business_date=business_date, by=user_of(request), at=now)
        code = status.HTTP_200_OK if was_known else status.HTTP_201_CREATED
        return Response(self.get_serializer(repayment).data, status=code)

    @extend_schema(
        summary="Reverse a repayment",
        description="A bounced one, a mistake or one that came twice. The same reference with the same reason again "
        "changes nothing.",
        parameters=[IDEMPOTENCY],
        request=ReversalSerializer,
        responses={200: serializers.RepaymentSerializer},
    )
    @action(detail=True, methods=["post"], url_path="reversal")
    def reverse(self, request: Request, reference: str) -> Response:
        """Take it back as if it had never come."""
        now = timezone.now()
        said = taken(ReversalSerializer, request)
        receipts.refuse_reversal(reference)
        repayment = repayments.reverse(
            repayment=self.get_object(),
            business_date=closing.business_date_at(now),
            by=user_of(request),
            at=now,
            **said,
        )
        return Response(self.get_serializer(repayment).data)

    def _park(self, request: Request, now: dt.datetime) -> Response:
        context = {"idempotency_key": request.headers.get("Idempotency-Key"), "user": user_of(request)}
        taken = parked.UnknownPayerSerializer(data=request.data, context=context)
        taken.is_valid(raise_exception=True)
        business_date = closing.business_date_at(now)
        item = parking.park(**taken.validated_data, business_date=business_date, by=user_of(request), at=now)
        return Response(parked.SuspenseSerializer(item).data, status=status.HTTP_202_ACCEPTED)


@extend_schema_view(list=extend_schema(summary="Ledger entries"), retrieve=extend_schema(summary="One ledger entry"))
class LedgerEntries(viewsets.ReadOnlyModelViewSet[LedgerEntry]):
    """The ledger: append-only, the last booked first."""

    permission = Permission.BILL_READ
    queryset = LedgerEntry.objects.none()
    serializer_class = serializers.LedgerEntrySerializer
    filterset_class = filters.Entries

    def get_queryset(self) -> QuerySet[LedgerEntry]:
        """Those that the user may see."""
        return ledger.visible_to(user_of(self.request))
