"""The home page, made of what the apps have to say, and the search box."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.access import registry
from apps.access.domain.permissions import Permission
from apps.access.guard import requires
from apps.access.models import User
from apps.access.queries import people


@requires(Permission.HOME_READ)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this user today."""
    assert isinstance(request.user, User)
    tiles = registry.tiles(request.user, people.permissions_of(request.user))
    return render(request, "access/home.html", {"tiles": tiles})


@requires(Permission.HOME_READ)
def find(request: HttpRequest) -> HttpResponse:
    """Go to the customer or case whose reference was typed."""
    assert isinstance(request.user, User)
    text = request.GET.get("q", "").strip()
    address = registry.find(request.user, text, people.permissions_of(request.user)) if text else None
    if address is None:
        messages.warning(request, _("Nothing is known as “%(text)s”.") % {"text": text[:60]})
    return redirect(address or "access:home")
