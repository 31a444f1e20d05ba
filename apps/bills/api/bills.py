"""Bills and the ledger over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.bills import filters, serializers
from apps.bills.api.shared import ByReference
from apps.bills.forms.receipts import SettlementDay
from apps.bills.models import Bill, LedgerEntry
from apps.bills.queries import bills, fees, ledger, settlement
from apps.bills.serializers.receipts import QuoteSerializer
from apps.closing import queries as closing


@extend_schema_view(list=extend_schema(summary="Bills"), retrieve=extend_schema(summary="One bill"))
class Bills(ByReference[Bill]):
    """Bills with what is open on them and their instalments."""

    queryset = Bill.objects.none()
    serializer_class = serializers.BillSerializer
    filterset_class = filters.Bills

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
