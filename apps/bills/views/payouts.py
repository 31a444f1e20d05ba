"""Asking for a credit balance to be paid back, and what settles a bill before its time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills import forms
from apps.bills.actions import payouts as actions
from apps.bills.forms import receipts as receipt_forms
from apps.bills.queries import bills, people, settlement, waivers
from apps.bills.queries import payouts as queries
from apps.closing import queries as closing


@requires(Permission.PAYOUT_REQUEST)
def request_payout(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for credit to be paid back, seeing which rule it falls under and who must agree."""
    user, now = user_of(request), timezone.now()
    customer = get_object_or_404(people.visible_to(user), reference=reference)
    credit = queries.credit_of(customer)
    form = receipt_forms.Payout(request.POST or None, initial={"amount": credit})
    if form.is_valid():
        with forms.told(form):
            asked = actions.request(customer=customer, by=user, at=now, **form.cleaned_data)
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return redirect("bills:customer", customer.reference)
    rules = waivers.rules_of(queries.ACTION, customer.reference, credit, user, now, fees_only=False)
    context = {"customer": customer, "form": form, "credit": credit, "rules": rules}
    return render(request, "bills/request_payout.html", context)


@requires(Permission.BILL_READ)
def settle(request: HttpRequest, reference: str) -> HttpResponse:
    """What settles a bill on a day, and what that saves."""
    bill = get_object_or_404(bills.visible_to(user_of(request)), reference=reference)
    day = closing.business_date_at(timezone.now())
    form = receipt_forms.SettlementDay(request.GET or None, initial={"date": day})
    date = (form.cleaned_data["date"] if form.is_valid() else None) or day
    context = {"bill": bill, "form": form, "day": day, "quote": settlement.quote(bill, date)}
    return render(request, "bills/settlement.html", context)
