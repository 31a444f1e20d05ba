"""Products over the API: their versions, and asking for a new one."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.bills.actions import products as actions
from apps.bills.api.shared import ByReference
from apps.bills.models import Product
from apps.bills.queries import products as queries
from apps.bills.serializers import products as serializers
from apps.closing import queries as closing


@extend_schema_view(list=extend_schema(summary="Products"), retrieve=extend_schema(summary="One product"))
class Products(ByReference[Product]):
    """What we lend under, with every version of its conditions and what each costs a year."""

    permissions_by_action = {"propose": Permission.PRODUCT_PROPOSE}
    queryset = Product.objects.none()
    serializer_class = serializers.ProductSerializer
    lookup_field, lookup_value_regex = "code", "[^/]+"

    def get_queryset(self) -> QuerySet[Product]:
        """Those that the user may see."""
        return queries.visible_to(user_of(self.request))

    @extend_schema(
        summary="Ask for a new version of a product's conditions",
        description="Published once those agree whom the authority matrix names; what is above the cap is refused.",
        request=serializers.NewTermsSerializer,
        responses={201: serializers.RequestSerializer},
    )
    @action(detail=True, methods=["post"], url_path="versions")
    def propose(self, request: Request, code: str) -> Response:
        """Request the version; what is not given stays as it is."""
        now, product = timezone.now(), self.get_object()
        taken = serializers.NewTermsSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        effective_date, reason, said = taken.said(queries.before(product))
        asked = actions.propose(
            product=product,
            effective_date=effective_date,
            said=said,
            business_date=closing.business_date_at(now),
            reason=reason,
            by=user_of(request),
            at=now,
        )
        return Response(serializers.RequestSerializer(asked).data, status=status.HTTP_201_CREATED)
