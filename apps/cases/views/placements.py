"""Cases placed with agencies: the list, asking for one more, recalling one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.cases import filters
from apps.cases.actions import placements as actions
from apps.cases.forms import placements as forms
from apps.cases.queries import cases
from apps.cases.queries import placements as queries
from apps.core import queries as core
from apps.core.forms import told


@requires(Permission.CASE_READ)
def placements(request: HttpRequest) -> HttpResponse:
    """What is placed with which agency, the last placed first."""
    found = filters.Placements(request.GET, queries.visible_to(user_of(request)))
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    return render(request, "cases/placements.html", {"filter": found, "page": page})


@requires(Permission.PLACEMENT_REQUEST)
def request_placement(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a case to be placed with an agency, seeing who must agree."""
    user, now = user_of(request), timezone.now()
    case = get_object_or_404(cases.visible_to(user), reference=reference)
    form = forms.PlacementRequest(request.POST or None)
    if form.is_valid():
        with told(form):
            asked = actions.request(case=case, **form.cleaned_data, by=user, at=now)
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return redirect("cases:case", case.reference)
    context = {"case": case, "form": form, "rules": queries.rules(case, user, now)}
    return render(request, "cases/request_placement.html", context)


@requires(Permission.PLACEMENT_REQUEST)
def recall(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a customer back from an agency, with a reason."""
    user = user_of(request)
    placement = get_object_or_404(queries.visible_to(user), reference=reference)
    form = forms.Recall(request.POST or None)
    if form.is_valid():
        with told(form):
            actions.recall(placement=placement, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
            words = {"customer": placement.customer.reference, "agency": placement.agency.name}
            messages.success(request, _("%(customer)s is taken back from %(agency)s.") % words)
            return redirect("cases:placements")
    return render(request, "cases/recall.html", {"placement": placement, "form": form})
