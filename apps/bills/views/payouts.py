"""Credit balance paid back: asked for, shown, taken back; and what settles a bill before its time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills.actions import payouts as actions
from apps.bills.forms import Reversal
from apps.bills.forms import receipts as receipt_forms
from apps.bills.queries import bills, ledger, people, settlement, waivers
from apps.bills.queries import payouts as queries
from apps.closing import queries as closing
from apps.core.forms import told


@requires(Permission.PAYOUT_REQUEST)
def request_payout(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for credit to be paid back, seeing which rule it falls under and who must agree."""
    user, now = user_of(request), timezone.now()
    customer = get_object_or_404(people.visible_to(user), reference=reference)
    credit = queries.credit_of(customer)
    form = receipt_forms.Payout(request.POST or None, initial={"amount": credit})
    if form.is_valid():
        with told(form):
            asked = actions.request(customer=customer, by=user, at=now, **form.cleaned_data)
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return redirect("bills:customer", customer.reference)
    rules = waivers.rules_of(queries.ACTION, customer.reference, credit, user, now, fees_only=False)
    context = {"customer": customer, "form": form, "credit": credit, "rules": rules}
    return render(request, "bills/request_payout.html", context)


@requires(Permission.BILL_READ)
def payout(request: HttpRequest, reference: str) -> HttpResponse:
    """One payout and the entries that it made."""
    found = get_object_or_404(queries.visible_to(user_of(request)), reference=reference)
    entries = ledger.visible_to(user_of(request)).filter(payout=found).order_by("effective_date", "pk")
    return render(request, "bills/payout.html", {"payout": found, "entries": entries})


@requires(Permission.REPAYMENT_REVERSE)
def reverse_payout(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a payout back that the bank returned, with the reason."""
    payout = get_object_or_404(queries.visible_to(user_of(request)), reference=reference)
    form = Reversal(request.POST or None)
    now = timezone.now()
    if form.is_valid():
        with told(form):
            business_date = closing.business_date_at(now)
            actions.reverse(
                payout=payout, business_date=business_date, by=user_of(request), at=now, **form.cleaned_data
            )
            messages.success(request, _("Payout %(reference)s is reversed.") % {"reference": payout.reference})
            return redirect("bills:payout", payout.reference)
    return render(request, "bills/reverse_payout.html", {"payout": payout, "form": form})


@requires(Permission.BILL_READ)
def settle(request: HttpRequest, reference: str) -> HttpResponse:
    """What settles a bill on a day, and what that saves."""
    bill = get_object_or_404(bills.visible_to(user_of(request)), reference=reference)
    day = closing.business_date_at(timezone.now())
    form = receipt_forms.SettlementDay(request.GET or None, initial={"date": day})
    date = (form.cleaned_data["date"] if form.is_valid() else None) or day
    context = {"bill": bill, "form": form, "day": day, "quote": settlement.quote(bill, date)}
    return render(request, "bills/settlement.html", context)
