"""Files of repayments over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.bills import guard, tasks
from apps.bills.actions import receipts
from apps.bills.api.shared import ByReference
from apps.bills.models import Intake
from apps.bills.queries import intakes
from apps.bills.serializers import intakes as serializers
from apps.closing import queries as closing


@extend_schema_view(
    list=extend_schema(summary="Repayment files"), retrieve=extend_schema(summary="One file, and how far it is")
)
class Intakes(ByReference[Intake]):
    """Repayment files that are being taken, were taken or were refused."""

    permission = Permission.INTAKE_RUN
    queryset = Intake.objects.none()
    serializer_class = serializers.IntakeSerializer
    parser_classes = [MultiPartParser]
    filterset_fields = ("state", "sha256")

    def get_queryset(self) -> QuerySet[Intake]:
        """Those that the user may see."""
        return intakes.visible_to(user_of(self.request))

    @extend_schema(
        summary="Take a file of repayments",
        description="Answers at once with 202; ask for the intake until its state is `done` or `refused`. The same "
        "file while it is taken is the same intake; once it is taken, its rows are known: nothing is booked twice.",
        request={"multipart/form-data": serializers.UploadSerializer},
        responses={202: serializers.IntakeSerializer},
    )
    def create(self, request: Request) -> Response:
        """Keep the file and let it be taken in the background."""
        now = timezone.now()
        sent = serializers.UploadSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        file = sent.validated_data["file"]
        kept = guard.keep(file, tasks.folder())
        intake = receipts.receive(
            path=kept,
            name=file.name,
            is_whole=sent.validated_data["is_whole"],
            business_date=closing.business_date_at(now),
            by=user_of(request),
            at=now,
        )
        if intake.path != str(kept):
            kept.unlink()
        tasks.wake(intake)
        return Response(self.get_serializer(intake).data, status=status.HTTP_202_ACCEPTED)
