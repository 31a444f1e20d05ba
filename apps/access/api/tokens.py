"""Tokens of the API: one's own, and those of whom one looks after."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.actions import tokens as actions
from apps.access.domain.permissions import Permission
from apps.access.guard import user_of
from apps.access.models import ApiToken
from apps.access.queries import tokens
from apps.access.serializers.tokens import NewTokenSerializer, ShownTokenSerializer, TokenSerializer


@extend_schema_view(list=extend_schema(summary="Tokens"), retrieve=extend_schema(summary="One token"))
class Tokens(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ApiToken]):
    """One's own tokens; everybody's for whoever looks after people's sign-in."""

    permission = Permission.HOME_READ
    stepped_up = ("create",)
    queryset = ApiToken.objects.none()
    serializer_class = TokenSerializer
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[ApiToken]:
        """Those that are not revoked."""
        return tokens.visible_to(user_of(self.request))

    @extend_schema(
        summary="Make a token", request=NewTokenSerializer, responses={201: ShownTokenSerializer},
        description="The token itself is shown this once. Asks for a proof of who one is: none is made by a token.",
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """For some of one's own permissions, until a day."""
        told = NewTokenSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        wish = told.validated_data
        scopes = [Permission(scope) for scope in wish.pop("scopes")]
        made, token = actions.make(**wish, scopes=scopes, by=user_of(request), at=timezone.now())
        made.token = token  # type: ignore[attr-defined]
        return Response(ShownTokenSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Revoke a token", responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """It opens nothing any more."""
        actions.revoke(token=self.get_object(), by=user_of(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
