"""One's own sign-in."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from apps.access.actions import passwords
from apps.access.domain import presence
from apps.access.domain.permissions import Permission
from apps.access.forms.signin import ChangePassword
from apps.access.guard import requires, user_of
from apps.core.forms import told


@sensitive_post_parameters("old", "new", "again")
@requires(Permission.HOME_READ)
def password(request: HttpRequest) -> HttpResponse:
    """Take another password."""
    user = user_of(request)
    form = ChangePassword(request.POST or None)
    if form.is_valid():
        with told(form):
            session = presence.digest(request.session.session_key or "")
            passwords.change(user=user, **form.cleaned_data, session=session, by=user, at=timezone.now())
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password is changed."))
            return redirect("access:account")
    return render(request, "access/account_password.html", {"form": form})
