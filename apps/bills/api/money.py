"""Purchases, refunds and payouts over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.serializers import ApprovalSerializer
from apps.bills import filters
from apps.bills.actions import payouts, purchases, refunds
from apps.bills.api.shared import IDEMPOTENCY, SENT_AGAIN, ByReference, taken
from apps.bills.models import Payout, Purchase, Refund
from apps.bills.queries import asked as asked_for
from apps.bills.queries import payouts as paid
from apps.bills.queries import purchases as bought
from apps.bills.queries import receipts
from apps.bills.serializers import receipts as serializers
from apps.closing import queries as closing


@extend_schema_view(list=extend_schema(summary="Purchases"), retrieve=extend_schema(summary="One purchase"))
class Purchases(ByReference[Purchase]):
    """Goods bought on credit."""

    permissions_by_action = {"create": Permission.PURCHASE_RECORD}
    queryset = Purchase.objects.none()
    serializer_class = serializers.PurchaseSerializer
    filterset_class = filters.Purchases

    def get_queryset(self) -> QuerySet[Purchase]:
        """Those that the user may see."""
        return bought.visible_to(user_of(self.request))

    @extend_schema(
        summary="Record a purchase",
        description=SENT_AGAIN,
        parameters=[IDEMPOTENCY],
        request=serializers.NewPurchaseSerializer,
        responses={200: serializers.PurchaseSerializer, 201: serializers.PurchaseSerializer},
    )
    def create(self, request: Request) -> Response:
        """Take a purchase once, whatever the number of times it is sent."""
        now = timezone.now()
        said = taken(serializers.NewPurchaseSerializer, request)
        was_known = Purchase.objects.filter(reference=said["reference"]).exists()
        made = purchases.record(**said, business_date=closing.business_date_at(now), by=user_of(request), at=now)
        shown = self.get_serializer(self.get_queryset().get(pk=made.pk))
        return Response(shown.data, status=status.HTTP_200_OK if was_known else status.HTTP_201_CREATED)


@extend_schema_view(list=extend_schema(summary="Refunds"), retrieve=extend_schema(summary="One refund"))
class Refunds(ByReference[Refund]):
    """Money that merchants gave back."""

    permissions_by_action = {"create": Permission.REFUND_RECORD, "reverse": Permission.REPAYMENT_REVERSE}
    queryset = Refund.objects.none()
    serializer_class = serializers.RefundSerializer
    filterset_class = filters.Refunds

    def get_queryset(self) -> QuerySet[Refund]:
        """Those that the user may see."""
        return receipts.refunds_visible_to(user_of(self.request))

    @extend_schema(
        summary="Record a refund",
        description=SENT_AGAIN,
        parameters=[IDEMPOTENCY],
        request=serializers.NewRefundSerializer,
        responses={200: serializers.RefundSerializer, 201: serializers.RefundSerializer},
    )
    def create(self, request: Request) -> Response:
        """Take a refund once, whatever the number of times it is sent."""
        now = timezone.now()
        said = taken(serializers.NewRefundSerializer, request)
        was_known = Refund.objects.filter(reference=said["reference"]).exists()
        made = refunds.record(**said, business_date=closing.business_date_at(now), by=user_of(request), at=now)
        return Response(
            self.get_serializer(made).data, status=status.HTTP_200_OK if was_known else status.HTTP_201_CREATED
        )

    @extend_schema(
        summary="Reverse a refund",
        parameters=[IDEMPOTENCY],
        request=serializers.ReversalSerializer,
        responses={200: serializers.RefundSerializer},
    )
    @action(detail=True, methods=["post"], url_path="reversal")
    def reverse(self, request: Request, reference: str) -> Response:
        """Take it back as if it had never come."""
        now = timezone.now()
        said = taken(serializers.ReversalSerializer, request)
        refund = refunds.reverse(
            refund=self.get_object(), business_date=closing.business_date_at(now), by=user_of(request), at=now, **said
        )
        return Response(self.get_serializer(refund).data)


@extend_schema_view(list=extend_schema(summary="Payouts"), retrieve=extend_schema(summary="One payout"))
class Payouts(ByReference[Payout]):
    """Credit balances that were paid back."""

    permissions_by_action = {"create": Permission.PAYOUT_REQUEST, "reverse": Permission.REPAYMENT_REVERSE}
    queryset = Payout.objects.none()
    serializer_class = serializers.PayoutSerializer
    filterset_class = filters.Payouts

    def get_queryset(self) -> QuerySet[Payout]:
        """Those that the user may see."""
        return paid.visible_to(user_of(self.request))

    @extend_schema(
        summary="Ask for a payout",
        description="The answer is the request that others decide. " + SENT_AGAIN,
        parameters=[IDEMPOTENCY],
        request=serializers.NewPayoutSerializer,
        responses={200: ApprovalSerializer, 201: ApprovalSerializer},
    )
    def create(self, request: Request) -> Response:
        """Ask once, whatever the number of times it is sent."""
        now = timezone.now()
        said: dict[str, Any] = taken(serializers.NewPayoutSerializer, request)
        was_known = asked_for.under(paid.ACTION, said["reference"]) is not None
        asked = payouts.request(**said, by=user_of(request), at=now)
        code = status.HTTP_200_OK if was_known else status.HTTP_201_CREATED
        return Response(ApprovalSerializer(asked).data, status=code)

    @extend_schema(
        summary="Reverse a payout",
        description="The bank returned it, or it was a mistake: the credit balance is as if it had never been paid.",
        parameters=[IDEMPOTENCY],
        request=serializers.ReversalSerializer,
        responses={200: serializers.PayoutSerializer},
    )
    @action(detail=True, methods=["post"], url_path="reversal")
    def reverse(self, request: Request, reference: str) -> Response:
        """Take it back as if it had never gone."""
        now = timezone.now()
        said = taken(serializers.ReversalSerializer, request)
        receipts.refuse_reversal(reference)
        payout = payouts.reverse(
            payout=self.get_object(), business_date=closing.business_date_at(now), by=user_of(request), at=now, **said
        )
        return Response(self.get_serializer(payout).data)
