"""The trail's signed checkpoints over the API, and what an auditor signs under them."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.audit.actions import cosigning
from apps.audit.queries import anchoring, seals
from apps.audit.serializers import CheckpointSerializer, CosignatureSerializer, CosignedNoteSerializer


class Checkpoints(viewsets.ViewSet):
    """The last signed checkpoint, for an auditor to co-sign."""

    permission = Permission.AUDIT_READ
    permissions_by_action = {"create": Permission.AUDIT_COSIGN}

    @extend_schema(
        summary="The last checkpoint", description="Empty before the first.", responses=CheckpointSerializer(many=True)
    )
    def list(self, request: Request) -> Response:
        """The note that was signed last, with who co-signed the tree so far."""
        signed, rows = seals.checkpoint("default"), []
        if signed:
            cosigned = anchoring.cosignatures("default")
            rows.append({"size": signed[0], "note": signed[1], "signed_at": signed[2], "cosignatures": cosigned})
        return Response([CheckpointSerializer(row).data for row in rows])

    @extend_schema(
        summary="Co-sign a checkpoint",
        description="A note as it was read here, with one more line: a timestamped Ed25519 signature "
        "(C2SP tlog-cosignature, type 0x04) of a key that is configured as a co-signer.",
        request=CosignedNoteSerializer,
        responses={201: CosignatureSerializer},
    )
    def create(self, request: Request) -> Response:
        """Keep the signature."""
        told = CosignedNoteSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        kept = cosigning.cosign(text=told.validated_data["note"], by=user_of(request), at=timezone.now())
        return Response(CosignatureSerializer(kept).data, status=status.HTTP_201_CREATED)
