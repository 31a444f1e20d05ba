"""Money in suspense over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.bills import filters
from apps.bills.actions import suspense
from apps.bills.api.shared import IDEMPOTENCY, ByReference, taken
from apps.bills.models import SuspenseItem
from apps.bills.queries import suspense as parked
from apps.bills.serializers import RepaymentSerializer
from apps.bills.serializers import suspense as serializers
from apps.bills.serializers.reveals import RevealedSerializer, RevealSerializer
from apps.closing import queries as closing
from apps.customers.actions import reveals


@extend_schema_view(list=extend_schema(summary="Suspense"), retrieve=extend_schema(summary="One item in suspense"))
class Suspense(ByReference[SuspenseItem]):
    """Money whose payer is not known."""

    permissions_by_action = {
        "create": Permission.REPAYMENT_RECORD,
        "assign": Permission.SUSPENSE_DECIDE,
        "give_back": Permission.SUSPENSE_DECIDE,
        "reveal": Permission.PERSONAL_REVEAL,
    }
    queryset = SuspenseItem.objects.none()
    serializer_class = serializers.SuspenseSerializer
    filterset_class = filters.Suspense

    def get_queryset(self) -> QuerySet[SuspenseItem]:
        """Those that the user may see."""
        return parked.visible_to(user_of(self.request))

    @extend_schema(
        summary="Park money whose payer is not known",
        description="The same reference with the same content is answered with what is there, and status 200.",
        parameters=[IDEMPOTENCY],
        request=serializers.NewSuspenseSerializer,
        responses={200: serializers.SuspenseSerializer, 201: serializers.SuspenseSerializer},
    )
    def create(self, request: Request) -> Response:
        """Keep the money once, whatever the number of times it is sent."""
        now = timezone.now()
        said = taken(serializers.NewSuspenseSerializer, request)
        was_known = self.get_queryset().filter(reference=said["reference"]).exists()
        business_date = closing.business_date_at(now)
        item = suspense.park(**said, business_date=business_date, by=user_of(request), at=now)
        code = status.HTTP_200_OK if was_known else status.HTTP_201_CREATED
        return Response(self.get_serializer(item).data, status=code)

    @extend_schema(
        summary="Have a payer's name, or what they wrote, shown",
        description="`payer` or `purpose` in the clear, for a reason; that it was shown is kept in the trail.",
        request=RevealSerializer,
        responses=RevealedSerializer,
    )
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, reference: str) -> Response:
        """Show it, and let nobody keep the answer."""
        said, now = taken(RevealSerializer, request), timezone.now()
        value = reveals.reveal(of=self.get_object(), by=user_of(request), at=now, **said)
        return Response({"field": said["field"], "value": value}, headers={"Cache-Control": "no-store"})

    @extend_schema(
        summary="Say whose money it is",
        request=serializers.AssignmentSerializer,
        responses={201: RepaymentSerializer},
    )
    @action(detail=True, methods=["post"], url_path="assignment")
    def assign(self, request: Request, reference: str) -> Response:
        """Book it as the customer's repayment, on the day on which it came."""
        now = timezone.now()
        told = serializers.AssignmentSerializer(data=request.data, context={"user": user_of(request)})
        told.is_valid(raise_exception=True)
        business_date = closing.business_date_at(now)
        repayment = suspense.assign(
            item=self.get_object(), business_date=business_date, by=user_of(request), at=now, **told.validated_data
        )
        return Response(RepaymentSerializer(repayment).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Give money back",
        request=serializers.GiveBackSerializer,
        responses={200: serializers.SuspenseSerializer},
    )
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, reference: str) -> Response:
        """Note that it goes back to where it came from."""
        told = serializers.GiveBackSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        item = suspense.give_back(item=self.get_object(), by=user_of(request), at=timezone.now(), **told.validated_data)
        return Response(self.get_serializer(item).data)
