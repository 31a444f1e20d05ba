"""What the endpoints share: rows under their reference, and what is taken once."""

from typing import Any, Generic, TypeVar

from django.db.models import Model
from drf_spectacular.utils import OpenApiParameter
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of

Row = TypeVar("Row", bound=Model)
IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The reference, where the body has none."
)
SENT_AGAIN = (
    "The same reference with the same content is answered with what was booked before, and status 200; with other "
    "content it is refused with 409."
)
ASKED_AGAIN = (
    "Under a reference it is one request: the same content is answered with it, other content is refused with 409."
)


class ByReference(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Row], Generic[Row]):
    """Rows that are listed, and read one by one under their reference."""

    permission = Permission.BILL_READ
    lookup_field, lookup_value_regex = "reference", "[^/]+"


def taken(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """What was sent, checked; what is wrong with it is named by field."""
    context = {"idempotency_key": request.headers.get("Idempotency-Key"), "user": user_of(request)}
    sent = kind(data=request.data, context=context)
    sent.is_valid(raise_exception=True)
    said: dict[str, Any] = sent.validated_data
    return said
