"""Goods bought on credit: the list, one purchase with its bills and refunds, and giving it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills import filters, forms
from apps.bills.actions import refunds as actions
from apps.bills.forms import receipts as receipt_forms
from apps.bills.models import Refund
from apps.bills.queries import bills, ledger, receipts
from apps.bills.queries import purchases as queries
from apps.closing import queries as closing
from apps.core import queries as core
from apps.core.forms import told


@requires(Permission.BILL_READ)
def purchases(request: HttpRequest) -> HttpResponse:
    """Purchases, the last recorded first."""
    found = filters.Purchases(request.GET, queries.visible_to(user_of(request)))
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    return render(request, "bills/purchases.html", {"filter": found, "page": page})


@requires(Permission.BILL_READ)
def purchase(request: HttpRequest, reference: str) -> HttpResponse:
    """One purchase: what of it is billed and given back."""
    user, as_of = user_of(request), closing.last_closed_date()
    found = get_object_or_404(queries.visible_to(user), reference=reference)
    billed = bills.aged(bills.visible_to(user), as_of).filter(pk__in=queries.bills_of(found)).order_by("issued_date")
    context = {
        "purchase": found,
        "left": found.amount - found.refunded,  # type: ignore[attr-defined]
        "bills": bills.with_lateness(billed, as_of),
        "refunds": receipts.refunds_visible_to(user).filter(purchase=found).order_by("refunded_date", "pk"),
    }
    return render(request, "bills/purchase.html", context)


@requires(Permission.REFUND_RECORD)
def record_refund(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a purchase back, wholly or in part."""
    purchase = get_object_or_404(queries.visible_to(user_of(request)), reference=reference)
    now = timezone.now()
    business_date = closing.business_date_at(now)
    left = purchase.amount - purchase.refunded  # type: ignore[attr-defined]
    form = receipt_forms.Refund(request.POST or None, initial={"amount": left, "refunded_date": business_date})
    if form.is_valid():
        was_known = Refund.objects.filter(reference=form.cleaned_data["reference"]).exists()
        with told(form):
            refund = actions.record(
                customer=purchase.customer,
                purchase=purchase,
                business_date=business_date,
                by=user_of(request),
                at=now,
                **form.cleaned_data,
            )
            known = _("Refund %(reference)s was recorded before; nothing was booked.")
            sentence = known if was_known else _("Refund %(reference)s is booked.")
            messages.success(request, sentence % {"reference": refund.reference})
            return redirect("bills:refund", refund.reference)
    context = {"purchase": purchase, "left": left, "form": form, "day": business_date}
    return render(request, "bills/record_refund.html", context)


@requires(Permission.BILL_READ)
def refund(request: HttpRequest, reference: str) -> HttpResponse:
    """One refund and the entries that it made."""
    found = get_object_or_404(receipts.refunds_visible_to(user_of(request)), reference=reference)
    entries = ledger.visible_to(user_of(request)).filter(refund=found).order_by("effective_date", "pk")
    context = {"refund": found, "entries": entries, "allocation": receipts.allocation(entries)}
    return render(request, "bills/refund.html", context)


@requires(Permission.REPAYMENT_REVERSE)
def reverse_refund(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a refund back, with the reason."""
    refund = get_object_or_404(receipts.refunds_visible_to(user_of(request)), reference=reference)
    form = forms.Reversal(request.POST or None)
    now = timezone.now()
    if form.is_valid():
        with told(form):
            business_date = closing.business_date_at(now)
            actions.reverse(
                refund=refund, business_date=business_date, by=user_of(request), at=now, **form.cleaned_data
            )
            messages.success(request, _("Refund %(reference)s is reversed.") % {"reference": refund.reference})
            return redirect("bills:refund", refund.reference)
    return render(request, "bills/reverse_refund.html", {"refund": refund, "form": form})
