"""The caps on what a contract may cost a year: the list, and asking for another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills.actions import caps as actions
from apps.bills.forms import caps as forms
from apps.bills.queries import new_caps as queries
from apps.closing import queries as closing
from apps.core.forms import told


@requires(Permission.BILL_READ)
def caps(request: HttpRequest) -> HttpResponse:
    """Every cap by licence, which of them holds, and what was asked for."""
    user = user_of(request)
    lines = queries.lines(queries.visible_to(user), closing.business_date_at(timezone.now()))
    return render(request, "bills/caps.html", {"lines": lines, "requests": queries.asked_for(user)[:20]})


@requires(Permission.PRODUCT_PROPOSE)
def propose_cap(request: HttpRequest) -> HttpResponse:
    """Ask for a cap from a day on."""
    now = timezone.now()
    business_date = closing.business_date_at(now)
    form = forms.NewCap(request.POST or None, initial={"effective_date": business_date})
    if form.is_valid():
        with told(form):
            asked = actions.propose(**form.cleaned_data, business_date=business_date, by=user_of(request), at=now)
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return redirect("bills:caps")
    return render(request, "bills/propose_cap.html", {"form": form})
