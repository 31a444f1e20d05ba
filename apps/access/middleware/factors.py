"""Whoever holds a role that asks for a second factor gets nowhere before it is given."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.access.models import User
from apps.access.queries import factors, people
from apps.access.registry import GIVEN

OPEN = {"access:logout", "access:language", "access:confirm", "api-account/confirm-list", "healthz"}
SETTING_UP = {"access:factors", "access:begin_app", "access:app", "access:new_passkey"}


class SecondFactors:
    """Leads a session that owes a second factor to where it is set up or given; the API answers 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Look before the page is made."""
        user = request.user
        if not isinstance(user, User) or GIVEN in request.session or not people.needs_second_factor(user):
            return None
        there = factors.of(user).are_there
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN or (name in SETTING_UP and not there):
            return None
        if request.path.startswith("/api/"):
            detail = _("A role of yours asks for a second factor, which this session has not given.")
            return JsonResponse({"code": "second_factor_required", "detail": detail}, status=403)
        if not there:
            return redirect("access:factors")
        return redirect(f"{reverse('access:confirm')}?next={quote(request.get_full_path())}")
