"""Auto-debit over the API: what was instructed, and the bank's results."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.bills import filters
from apps.bills.actions import debit_results
from apps.bills.actions.debit_results import Result
from apps.bills.api.shared import ByReference
from apps.bills.models import Debit
from apps.bills.queries import debits
from apps.bills.serializers import debits as serializers
from apps.closing import queries as closing


@extend_schema_view(list=extend_schema(summary="Debits"), retrieve=extend_schema(summary="One debit"))
class Debits(ByReference[Debit]):
    """Instructions to debit customers' accounts, and what became of them."""

    permissions_by_action = {"results": Permission.REPAYMENT_RECORD}
    queryset = Debit.objects.none()
    serializer_class = serializers.DebitSerializer
    filterset_class = filters.Debits

    def get_queryset(self) -> QuerySet[Debit]:
        """Those that the user may see."""
        return debits.visible_to(user_of(self.request))

    @extend_schema(
        summary="Take the bank's results",
        description="Line by line: a line that cannot be taken is answered with the reason and holds up no other. The "
        "same results again change nothing.",
        request=serializers.ResultsSerializer,
        responses={200: serializers.AnswerSerializer},
        filters=False,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def results(self, request: Request) -> Response:
        """Book what was paid, keep why the rest was not, take back what bounced."""
        now = timezone.now()
        given = serializers.ResultsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        told = debit_results.take(
            results=[Result(row, **line) for row, line in enumerate(given.validated_data["results"], start=1)],
            business_date=closing.business_date_at(now),
            by=user_of(request),
            at=now,
        )
        return Response(serializers.AnswerSerializer({"results": told}).data)
