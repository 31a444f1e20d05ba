"""The white list of agencies."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.actions import agencies as actions
from apps.access.domain.permissions import Permission
from apps.access.forms.agencies import NewAgency, Strike
from apps.access.guard import requires, user_of
from apps.access.queries import scopes
from apps.core.forms import told


@requires(Permission.STAFF_READ)
def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency, on the list or off it."""
    return render(request, "access/agencies.html", {"agencies": scopes.agencies()})


@requires(Permission.AGENCY_MANAGE)
def enlist(request: HttpRequest) -> HttpResponse:
    """Put an agency on the list."""
    form = NewAgency(request.POST or None)
    if form.is_valid():
        with told(form):
            made = actions.enlist(**form.cleaned_data, by=user_of(request), at=timezone.now())
            messages.success(request, _("%(agency)s is on the list.") % {"agency": made.name})
            return redirect("access:agencies")
    return render(request, "access/enlist_agency.html", {"form": form})


@requires(Permission.AGENCY_MANAGE)
def strike(request: HttpRequest, code: str) -> HttpResponse:
    """Strike an agency off the list, with a reason."""
    agency = get_object_or_404(scopes.agencies(), code=code)
    form = Strike(request.POST or None)
    if form.is_valid():
        with told(form):
            actions.strike(agency=agency, **form.cleaned_data, by=user_of(request), at=timezone.now())
            messages.success(request, _("%(agency)s is off the list.") % {"agency": agency.name})
            return redirect("access:agencies")
    return render(request, "access/strike_agency.html", {"agency": agency, "form": form})
