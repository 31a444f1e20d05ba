"""Delegations: one's own and those received, one with what was decided under it, a new one, and its end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access.actions import delegations as actions
from apps.access.domain.permissions import Permission
from apps.access.forms.delegations import Give
from apps.access.guard import requires, user_of
from apps.access.queries import delegations
from apps.core import queries
from apps.core.forms import told


@requires(Permission.APPROVAL_READ)
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Who decides for whom, the newest first, and what was decided for whoever looks."""
    user, today = user_of(request), timezone.localdate()
    after, before = queries.key(request.GET.get("after")), queries.key(request.GET.get("before"))
    page = queries.page(delegations.visible_to(user), after=after, before=before)
    rows = [(found, delegations.state(found, today)) for found in page.rows]
    context = {"page": page, "rows": rows, "decided": delegations.decided_for(user)[:20]}
    return render(request, "access/delegations.html", context)


@requires(Permission.APPROVAL_READ)
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One delegation with everything that was decided under it."""
    user, today = user_of(request), timezone.localdate()
    found = get_object_or_404(delegations.visible_to(user), reference=reference)
    state = delegations.state(found, today)
    context = {
        "delegation": found,
        "state": state,
        "scope": delegations.scope_words(found.actions, found.products, found.up_to),
        "decided": delegations.decided(found),
        "may_end": user.pk in (found.giver.pk, found.receiver_id) and state in delegations.ENDABLE,
    }
    return render(request, "access/delegation.html", context)


@requires(Permission.APPROVAL_DECIDE)
def give(request: HttpRequest) -> HttpResponse:
    """Let somebody decide in one's own name."""
    user = user_of(request)
    form = Give(request.POST or None, giver=user)
    if form.is_valid():
        with told(form):
            made = actions.give(**form.given(), by=user, at=timezone.now())
            messages.success(request, _("%(name)s decides for you.") % {"name": made.receiver.name})
            return redirect("access:delegation", made.reference)
    return render(request, "access/give_delegation.html", {"form": form})


@requires(Permission.APPROVAL_READ)
@require_POST
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """End one before its time."""
    found = get_object_or_404(delegations.visible_to(user_of(request)), reference=reference)
    actions.end(reference=found.reference, by=user_of(request), at=timezone.now())
    messages.success(request, _("%(reference)s is ended.") % {"reference": found.reference})
    return redirect("access:delegation", found.reference)
