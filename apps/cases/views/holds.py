"""Holds: placed, extended and lifted from the page of a case or customer."""

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills.queries import people
from apps.cases.actions import holds as actions
from apps.cases.domain.holds import KINDS, HoldKind
from apps.cases.forms import holds as forms
from apps.cases.forms.shared import Why
from apps.cases.models import Hold
from apps.cases.queries import cases, holds, orphans
from apps.closing import queries as closing
from apps.core.forms import told
from apps.customers.models import Customer


@requires(Permission.HOLD_PLACE)
def place_hold(request: HttpRequest, reference: str) -> HttpResponse:
    """Let collecting from a customer stand still; `?kind=` says why beforehand."""
    user, now = user_of(request), timezone.now()
    customer = get_object_or_404(people.visible_to(user), reference=reference)
    form = forms.NewHold(request.POST or None, initial={"kind": request.GET.get("kind")}, user=user)
    if form.is_valid():
        with told(form):
            made = actions.place(customer=customer, by=user, at=now, **form.cleaned_data)
            messages.success(request, _("Hold %(reference)s is placed.") % {"reference": made.reference})
            return _back(request, customer)
    table = [(kind, KINDS[kind]) for kind in holds.placeable(user)]
    return render(request, "cases/place_hold.html", {"customer": customer, "form": form, "table": table})


@requires(Permission.HOLD_PLACE)
def extend_hold(request: HttpRequest, reference: str) -> HttpResponse:
    """Give it more days."""
    return _change(request, reference, "extend", forms.MoreDays(request.POST or None))


@requires(Permission.HOLD_PLACE)
def lift_hold(request: HttpRequest, reference: str) -> HttpResponse:
    """End it today."""
    return _change(request, reference, "lift", Why(request.POST or None))


@requires(Permission.CASE_ASSIGN)
def stranded(request: HttpRequest) -> HttpResponse:
    """The open cases without a next step: there are to be none."""
    found = orphans.of(user_of(request), closing.business_date_at(timezone.now())).order_by("pk")
    return render(request, "cases/orphans.html", {"cases": found[:200]})


def _change(request: HttpRequest, reference: str, name: str, form: django_forms.Form) -> HttpResponse:
    user = user_of(request)
    found: Hold = get_object_or_404(holds.visible_to(user), reference=reference)
    if form.is_valid():
        with told(form):
            getattr(actions, name)(hold=found, by=user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Hold %(reference)s is changed.") % {"reference": found.reference})
            return _back(request, found.customer)
    terms = KINDS[HoldKind(found.kind)]
    return render(
        request,
        "cases/change_hold.html",
        {"hold": found, "customer": found.customer, "form": form, "does": name, "terms": terms},
    )


def _back(request: HttpRequest, customer: Customer) -> HttpResponse:
    """To the customer's case, or to the customer where there is none."""
    case = cases.visible_to(user_of(request)).filter(customer=customer).order_by("-pk").first()
    return redirect("cases:case", case.reference) if case else redirect("bills:customer", customer.reference)
