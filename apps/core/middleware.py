"""Turns a "no" into something to read, once for all pages."""

from collections.abc import Callable

import psycopg
from django.contrib import messages
from django.db import OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _

GONE = ("08", "57P")  # classes of SQLSTATE: the connection is lost, the server is stopping or starting


class Refusals:
    """A refused form goes back to its page with the sentence, a refused page says why; a silent database is 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for what a view refused; anything unforeseen stays an error."""
        if isinstance(error, Refused):
            return _refused(request, error)
        if isinstance(error, ProgrammingError) and is_walled(error):
            return _refused(request, walled())
        if isinstance(error, OperationalError) and is_down(error):
            return HttpResponse(render_to_string("503.html"), status=503)  # no request: nothing may ask the database
        return None


def is_down(error: OperationalError) -> bool:
    """Whether the database does not answer at all, rather than refusing one statement."""
    cause = error.__cause__
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    return state is None or state.startswith(GONE)


def is_walled(error: ProgrammingError) -> bool:
    """Whether the database kept somebody from what lies behind a wall, which no action said before."""
    return isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege)


def walled() -> Forbidden:
    """What is said to whom the database kept from something."""
    sentence = _("This lies behind a wall: it belongs to a customer whom you do not see, or you may only read it.")
    return Forbidden(sentence, code="walled")


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    response: HttpResponse
    if isinstance(refusal, Forbidden):
        response = render(request, "403.html", {"sentence": refusal.sentence}, status=403)
    elif request.method == "POST" and (back := _page_before(request)):
        messages.error(request, refusal.sentence)
        response = HttpResponseRedirect(back)
    else:
        response = render(request, "409.html", {"sentence": refusal.sentence}, status=409)
    response.refusal = refusal  # type: ignore[attr-defined]
    return response


def _page_before(request: HttpRequest) -> str | None:
    back = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if ours else None
