"""Repayments over the API."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.bills import filters, serializers
from apps.bills.actions import repayments
from apps.bills.actions import suspense as parking
from apps.bills.api.shared import IDEMPOTENCY, ByReference, taken
from apps.bills.models import Repayment
from apps.bills.queries import receipts
from apps.bills.serializers import suspense as parked
from apps.bills.serializers.receipts import ReversalSerializer
from apps.closing import queries as closing


@extend_schema_view(list=extend_schema(summary="Repayments"), retrieve=extend_schema(summary="One repayment"))
class Repayments(ByReference[Repayment]):
    """Money received from customers."""

    permissions_by_action = {"create": Permission.REPAYMENT_RECORD, "reverse": Permission.REPAYMENT_REVERSE}
    queryset = Repayment.objects.none()
    serializer_class = serializers.RepaymentSerializer
    filterset_class = filters.Repayments

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
        said = taken(serializers.NewRepaymentSerializer, request)
        was_known = receipts.is_known(said["reference"])
        business_date = closing.business_date_at(now)
        repayment = repayments.record(**said, business_date=business_date, by=user_of(request), at=now)
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
        said = taken(parked.UnknownPayerSerializer, request)
        business_date = closing.business_date_at(now)
        item = parking.park(**said, business_date=business_date, by=user_of(request), at=now)
        return Response(parked.SuspenseSerializer(item).data, status=status.HTTP_202_ACCEPTED)
