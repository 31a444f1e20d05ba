"""One's own second factors."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.access.actions import factors as actions
from apps.access.domain import one_time
from apps.access.domain.permissions import Permission
from apps.access.forms.signin import Code
from apps.access.guard import requires, stepped_up, user_of
from apps.access.queries import factors
from apps.access.registry import GIVEN
from apps.core.forms import told


@requires(Permission.HOME_READ)
def own(request: HttpRequest) -> HttpResponse:
    """What one has set up."""
    return render(request, "access/account_factors.html", {"factors": factors.of(user_of(request))})


@requires(Permission.HOME_READ)
@require_POST
@stepped_up("access:factors")
def begin_app(request: HttpRequest) -> HttpResponse:
    """Make the secret of a new app."""
    actions.begin(user=user_of(request), by=user_of(request), at=timezone.now())
    return redirect("access:app")


@requires(Permission.HOME_READ)
@never_cache
def app(request: HttpRequest) -> HttpResponse:
    """The secret to be scanned, and the first code to be typed."""
    user = user_of(request)
    secret = factors.waiting(user)
    if secret is None:
        return redirect("access:factors")
    form = Code(request.POST or None)
    if form.is_valid():
        with told(form):
            codes = actions.confirm(user=user, **form.cleaned_data, by=user, at=timezone.now())
            request.session[GIVEN] = timezone.now().isoformat()
            if not codes:
                return redirect("access:factors")
            return render(request, "access/recovery_codes.html", {"codes": codes})
    address = one_time.address(secret, username=user.username, issuer=settings.LENDER_NAME)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
    context = {"form": form, "picture": picture, "secret": one_time.grouped(secret)}
    return render(request, "access/account_app.html", context)


@requires(Permission.HOME_READ)
@require_POST
@never_cache
@stepped_up("access:factors")
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the old ones."""
    made = actions.renew_codes(user=user_of(request), by=user_of(request), at=timezone.now())
    return render(request, "access/recovery_codes.html", {"codes": made})


@requires(Permission.HOME_READ)
@require_POST
@stepped_up("access:factors")
def remove_app(request: HttpRequest) -> HttpResponse:
    """Take the app away."""
    actions.remove_app(user=user_of(request), by=user_of(request), at=timezone.now())
    messages.success(request, _("The authenticator app is removed."))
    return redirect("access:factors")
