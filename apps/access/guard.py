"""May this person do that? The check in front of every page and endpoint."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.access.actions.walls import Wall
from apps.access.domain.permissions import Permission
from apps.access.domain.scope import Scope
from apps.access.models import User
from apps.access.queries import people, scopes, wording
from apps.core.domain.refusal import Forbidden
from apps.core.texts import gettext as _

if TYPE_CHECKING:
    from rest_framework.views import APIView  # reads the settings that name this module

MISSING = "permission_missing"
STEP_UP = "step_up_required"
KEPT = "kept"  # in a session: what was sent and waits for its sender to prove who they are
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


def vouched() -> None:
    """Let a request in for which a token made here vouches; its view reads what belongs to the token alone."""
    if wall := Wall.current():
        wall.admit(Scope(), None)


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


def is_confirmed(request: HttpRequest | Request) -> bool:
    """Whether whoever asks has proved in this session, within the last minutes, who they are; never by a token."""
    return bool(getattr(request, "is_confirmed", False))


def stepped_up(back: str) -> Callable[[View[Arguments, Answer]], Callable[..., Any]]:
    """Let only those in who have just proved who they are; others do so first, and what they sent is `kept` meanwhile.

    `back` names the page to which they return, with the view's own arguments if it takes them.
    """

    def decorate(view: View[Arguments, Answer]) -> Callable[..., Any]:
        @wraps(view)
        def confirmed(request: HttpRequest, /, *args: Any, **kwargs: Any) -> Any:
            if is_confirmed(request):
                return view(request, *args, **kwargs)
            sent = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
            request.session[KEPT] = {"path": request.path, "sent": sent}
            try:
                address = reverse(back, args=args, kwargs=kwargs)
            except NoReverseMatch:  # a page that takes no arguments
                address = reverse(back)
            return redirect(f"{reverse('access:confirm')}?next={quote(address)}")

        return confirmed

    return decorate


def kept(request: HttpRequest, path: str) -> dict[str, str]:
    """What was sent to the path before its sender had to prove who they are; once, and empty where nothing was."""
    held = request.session.get(KEPT)
    if not held or held["path"] != path:
        return {}
    del request.session[KEPT]
    sent: dict[str, str] = held["sent"]
    return sent


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
        if getattr(view, "action", None) in getattr(view, "stepped_up", ()) and not is_confirmed(request):
            sentence = _("Confirm first that it is you: at /account/confirm, or by a new log-in.")
            raise Forbidden(sentence, code=STEP_UP)
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
