"""May this person do that? The check in front of every page and endpoint."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.access.actions.walls import Wall
from apps.access.domain.permissions import Permission
from apps.access.models import User
from apps.access.queries import people, scopes, wording
from apps.core.domain.refusal import Forbidden

if TYPE_CHECKING:
    from rest_framework.views import APIView  # reads the settings that name this module

MISSING = "permission_missing"
Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, Arguments], Answer]


def check(user: object, *permissions: Permission) -> None:
    """Nothing, or `Forbidden` with the sentence that names the first permission the user lacks."""
    for permission in permissions:
        if not people.holds(user, permission):
            raise Forbidden(wording.why_not(permission), code=MISSING)
    admit(user)


def admit(user: object) -> None:
    """Let the wall around the request know who is behind it from now on."""
    if isinstance(user, User) and (wall := Wall.current()):
        wall.admit(scopes.of(user), user.pk)


def user_of(request: HttpRequest | Request) -> User:
    """The signed-in user whom the guard has let in."""
    assert isinstance(request.user, User)
    return request.user


def requires(*permissions: Permission) -> Callable[[View[Arguments, Answer]], View[Arguments, Answer]]:
    """Let only those in who hold all of the permissions: `@requires(Permission.CASE_READ)`."""

    def decorate(view: View[Arguments, Answer]) -> View[Arguments, Answer]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
            check(request.user, *permissions)
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Let everybody in, signed in or not; the test of the address table knows each such view by name."""
    view.permissions = ()  # type: ignore[attr-defined]
    return login_not_required(view)


class HasPermission(BasePermission):
    """Asks for the endpoint's `permission`, or its `permissions_by_action[action]`, and for the use of the API."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the user holds it; `Forbidden` with the sentence where a signed-in user does not."""
        if not request.user.is_authenticated:
            return False
        check(request.user, Permission.API_READ, *needed(view))
        return True


def needed(view: Any) -> tuple[Permission, ...]:
    """The permissions that an endpoint asks for besides the use of the API."""
    by_action: dict[str, Permission] = getattr(view, "permissions_by_action", {})
    permission: Permission = by_action.get(getattr(view, "action", None) or "", view.permission)
    return (permission,)


class SignedIn(SessionAuthentication):
    """The session of the pages; whoever has none is answered 401."""

    def authenticate_header(self, request: Request) -> str:
        """The scheme to be named in the 401."""
        return "Session"
