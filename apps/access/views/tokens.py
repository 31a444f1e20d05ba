"""Tokens of the API: one's own, and revoking those of whom one looks after."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.access.actions import tokens as actions
from apps.access.domain.permissions import Permission
from apps.access.forms.tokens import NewToken
from apps.access.guard import requires, stepped_up, user_of
from apps.access.queries import tokens, wording
from apps.core.forms import told
from apps.core.texts import gettext as _


@requires(Permission.HOME_READ, Permission.API_READ)
def own(request: HttpRequest) -> HttpResponse:
    """What one has given to programs."""
    return _page(request, NewToken(user=user_of(request)))


@requires(Permission.HOME_READ, Permission.API_READ)
@require_POST
@never_cache
@stepped_up("access:tokens")
def make(request: HttpRequest) -> HttpResponse:
    """Another one, shown this once."""
    user = user_of(request)
    form = NewToken(request.POST, user=user)
    if form.is_valid():
        with told(form):
            made, token = actions.make(**form.cleaned_data, by=user, at=timezone.now())
            return render(request, "access/token.html", {"made": made, "token": token})
    return _page(request, form)


@requires(Permission.HOME_READ)
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Let one open nothing any more."""
    user = user_of(request)
    found = get_object_or_404(tokens.visible_to(user), pk=number)
    actions.revoke(token=found, by=user, at=timezone.now())
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": found.name})
    return redirect("access:tokens") if found.user == user else redirect("access:person", found.user.username)


def _page(request: HttpRequest, form: NewToken) -> HttpResponse:
    user = user_of(request)
    rows = [(token, wording.permissions(token.scopes)) for token in tokens.of(user)]
    return render(request, "access/account_tokens.html", {"form": form, "tokens": rows})
