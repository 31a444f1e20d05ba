"""Products: the list, one with its versions side by side, opening one, and proposing conditions with a preview."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills.actions import products as actions
from apps.bills.domain import conditions
from apps.bills.domain.kinds import Licence, Mode
from apps.bills.forms import products as forms
from apps.bills.models import Product
from apps.bills.queries import caps, previews
from apps.bills.queries import products as queries
from apps.closing import queries as closing
from apps.core.forms import told


def _today() -> dt.date:
    return closing.business_date_at(timezone.now())


@requires(Permission.BILL_READ)
def products(request: HttpRequest) -> HttpResponse:
    """Every product with the version in force and what it costs a year at most."""
    lines = queries.lines(queries.visible_to(user_of(request)), _today())
    return render(request, "bills/products.html", {"lines": lines})


@requires(Permission.BILL_READ)
def product(request: HttpRequest, code: str) -> HttpResponse:
    """One product: its versions side by side, and their prices against the cap."""
    user = user_of(request)
    found = get_object_or_404(queries.visible_to(user), code=code)
    context = {
        "product": found,
        "comparison": queries.compare(found, _today()),
        "caps": sorted(caps.by_licence().get(found.licence, []), key=lambda cap: cap.effective_date),
        "requests": queries.asked_for(found, user)[:20],
    }
    return render(request, "bills/product.html", context)


@requires(Permission.PRODUCT_PROPOSE)
def new_product(request: HttpRequest) -> HttpResponse:
    """Open a product."""
    form = forms.NewProduct(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        with told(form):
            made = actions.open_product(
                code=said["code"],
                name=said["name"],
                currency=said["currency"],
                mode=Mode(said["mode"]),
                licence=Licence(said["licence"]),
                by=user_of(request),
                at=timezone.now(),
            )
            messages.success(request, _("%(code)s is opened; propose its conditions now.") % {"code": made.code})
            return redirect("bills:propose_terms", made.code)
    return render(request, "bills/new_product.html", {"form": form})


@requires(Permission.PRODUCT_PROPOSE)
def propose_terms(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a new version of the conditions, seeing what a purchase would come to."""
    user, now = user_of(request), timezone.now()
    found = get_object_or_404(queries.visible_to(user), code=code)
    before = queries.before(found)
    form = forms.Proposal(request.POST or None, product=found, before=before, initial={"effective_date": _today()})
    if form.is_valid() and "preview" not in request.POST:
        with told(form):
            asked = actions.propose(
                product=found,
                effective_date=form.cleaned_data["effective_date"],
                said=form.said(),
                business_date=closing.business_date_at(now),
                reason=form.cleaned_data["reason"],
                by=user,
                at=now,
            )
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return redirect("bills:product", found.code)
    sample = forms.Sample(request.POST or None)
    context = {"product": found, "form": form, "sample": sample, "preview": _preview(found, request.POST, before)}
    return render(request, "bills/propose_terms.html", context)


@requires(Permission.PRODUCT_PROPOSE)
def preview_terms(request: HttpRequest, code: str) -> HttpResponse:
    """What a purchase would come to under the values of the form as they are being typed."""
    found = get_object_or_404(queries.visible_to(user_of(request)), code=code)
    return render(request, "bills/_preview.html", {"preview": _preview(found, request.GET, queries.before(found))})


def _preview(found: Product, given: Any, before: dict[str, Any]) -> previews.Preview | None:
    """The preview of what was typed, of the latest version where nothing was; none of what cannot be read."""
    sample = forms.Sample(given or {"sample_amount": "1000.00", "sample_instalments": "3"})
    form = forms.Conditions(given, product=found, before=before) if given else None
    if not sample.is_valid() or (form and not form.is_valid()):
        return None
    said = form.said() if form else before
    if conditions.faults(said):
        return None
    terms = queries.terms_of(found, said)
    return previews.of(terms, sample.cleaned_data["sample_amount"], sample.cleaned_data["sample_instalments"], _today())
