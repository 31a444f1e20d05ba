"""One's own passkeys."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.access.actions import passkeys as actions
from apps.access.domain.permissions import Permission
from apps.access.forms.signin import NewPasskey
from apps.access.guard import requires, stepped_up, user_of
from apps.access.models import Passkey
from apps.access.registry import GIVEN
from apps.access.views import asking
from apps.core.forms import told
from apps.core.texts import gettext as _


@requires(Permission.HOME_READ)
@never_cache
@stepped_up("access:new_passkey")
def new(request: HttpRequest) -> HttpResponse:
    """Let the browser make another one."""
    user = user_of(request)
    form = NewPasskey(request.POST or None)
    if form.is_valid():
        answer = asking.answer(request, form.cleaned_data["credential"])
        with told(form):
            name = form.cleaned_data["name"]
            codes = actions.add(user=user, name=name, answer=answer, by=user, at=timezone.now())
            request.session[GIVEN] = timezone.now().isoformat()
            if codes:
                return render(request, "access/recovery_codes.html", {"codes": codes})
            messages.success(request, _("The passkey “%(name)s” is added.") % {"name": name})
            return redirect("access:factors")
    options = json.loads(asking.to_make(request, user))
    return render(request, "access/new_passkey.html", {"form": form, "options": options})


@requires(Permission.HOME_READ)
@require_POST
@stepped_up("access:factors")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take one away."""
    user = user_of(request)
    found = get_object_or_404(Passkey, pk=number, user=user)
    actions.remove(passkey=found, by=user, at=timezone.now())
    messages.success(request, _("The passkey “%(name)s” is removed.") % {"name": found.name})
    return redirect("access:factors")
