"""Nobody gets past the door unknown, and whoever is turned away there is written down."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from apps.access.actions import emergencies, sessions
from apps.access.actions.walls import Wall
from apps.access.models import User
from apps.core.domain.actor import System
from apps.core.domain.refusal import Forbidden
from apps.core.texts import gettext as _

FORBIDDEN = 403


class LoginRequired(LoginRequiredMiddleware):
    """Sends the unknown to the log-in, unless the view is public; the API answers them with 401."""


class Walls:
    """Holds every request to what its user may see; until the guard has let somebody in, nobody sees anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer behind a wall, also what is sent piece by piece later."""
        with Wall.around() as wall:
            response: HttpResponseBase = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = wall.kept(iter(response))
        return response


class Emergencies:
    """Takes roles back whose hours are over before anybody acts in them once more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the clock, then pass the request on."""
        if request.COOKIES or "Authorization" in request.headers:
            emergencies.end_overdue(by=System("emergencies"), at=timezone.now())
        return self.get_response(request)


class Denials:
    """Enters every 403 in the trail, unless an action that was refused has done so already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and look at how it was answered."""
        response = self.get_response(request)
        refusal = getattr(response, "refusal", None)
        if response.status_code == FORBIDDEN and isinstance(request.user, User):
            refusal = refusal or Forbidden(_("The request was turned down."))
            if not refusal.is_recorded:
                address = f"{request.method} {request.path}"
                sessions.turned_away(address=address, refusal=refusal, by=request.user, at=timezone.now())
        return response
