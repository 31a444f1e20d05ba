"""One person's sign-in, as whoever looks after it sees it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access.actions import leaving
from apps.access.actions import lockouts as unlocking
from apps.access.domain.permissions import Permission
from apps.access.forms.signin import Reason
from apps.access.guard import requires, user_of
from apps.access.models import Lockout
from apps.access.queries import factors, lockouts, people, sessions, tokens, wording
from apps.core import queries
from apps.core.forms import told


@requires(Permission.STAFF_MANAGE)
def person(request: HttpRequest, username: str) -> HttpResponse:
    """Somebody's roles and every way in that is theirs."""
    found = get_object_or_404(people.staff(), username=username)
    form = Reason(request.POST or None)
    if form.is_valid():
        with told(form):
            leaving.dismiss(user=found, **form.cleaned_data, by=user_of(request), at=timezone.now())
            messages.success(request, _("%(name)s has left.") % {"name": found.name})
            return redirect("access:person", username)
    shut = lockouts.shut(timezone.now()).filter(user=found).first()
    context = {"person": found, "form": form, "shut": shut, "sessions": sessions.of(found, timezone.now())}
    context["tokens"] = [(token, wording.permissions(token.scopes)) for token in tokens.of(found)]
    context["factors"] = factors.of(found)
    return render(request, "access/person.html", context)


@requires(Permission.STAFF_MANAGE)
def locked(request: HttpRequest) -> HttpResponse:
    """Whose log-in is shut now, and from which addresses."""
    after, before = queries.key(request.GET.get("after")), queries.key(request.GET.get("before"))
    page = queries.page(lockouts.shut(timezone.now()), after=after, before=before)
    return render(request, "access/lockouts.html", {"page": page})


@requires(Permission.STAFF_MANAGE)
@require_POST
def unlock(request: HttpRequest, number: int) -> HttpResponse:
    """Open a log-in before its time."""
    unlocking.unlock(lockout=get_object_or_404(Lockout, pk=number), by=user_of(request), at=timezone.now())
    messages.success(request, _("The log-in is open again."))
    return redirect("access:lockouts")
