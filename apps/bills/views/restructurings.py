"""Asking for what is open to fall due anew, with the new dates beside the old, and undoing that."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills.actions import restructurings as actions
from apps.bills.forms import restructurings as plan_forms
from apps.bills.models import Bill
from apps.bills.queries import bills, people, plans
from apps.bills.queries import restructurings as queries
from apps.closing import queries as closing
from apps.core.domain.dates import add_months
from apps.core.forms import told
from apps.customers.models import Customer


@requires(Permission.RESTRUCTURING_REQUEST)
def restructure_bill(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for one bill to fall due anew."""
    bill = get_object_or_404(bills.visible_to(user_of(request)), reference=reference)
    return _restructure(request, bill.customer, bill)


@requires(Permission.RESTRUCTURING_REQUEST)
def restructure_customer(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for all open bills of a customer to fall due anew."""
    return _restructure(request, get_object_or_404(people.visible_to(user_of(request)), reference=reference), None)


def _restructure(request: HttpRequest, customer: Customer, bill: Bill | None) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    date = closing.business_date_at(now)
    initial = {"first_due_date": add_months(date, 1), "instalments": 6}
    form = plan_forms.Plan(request.POST or None, for_all=bill is None, initial=initial)
    preview = None
    if form.is_valid():
        with told(form):
            preview = plans.preview(customer, bill, form.asked(), date)
            if "send" in request.POST:
                asked = actions.request(
                    customer=customer,
                    bill=bill,
                    asked=form.asked(),
                    reason=form.cleaned_data["reason"],
                    by=user,
                    at=now,
                )
                messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
                return redirect(bill and "bills:bill" or "bills:customer", (bill or customer).reference)
    rules = queries.rules(customer, preview.amount, user, now) if preview else None
    context = {"customer": customer, "bill": bill, "form": form, "preview": preview, "rules": rules, "day": date}
    return render(request, "bills/restructure.html", context)


@requires(Permission.RESTRUCTURING_UNDO)
def undo_restructuring(request: HttpRequest, reference: str) -> HttpResponse:
    """Take an agreement back as if it had never been made, with the reason."""
    found = get_object_or_404(queries.visible_to(user_of(request)), reference=reference)
    form = plan_forms.Undo(request.POST or None)
    if form.is_valid():
        with told(form):
            actions.undo(
                restructuring=found, reason=form.cleaned_data["reason"], by=user_of(request), at=timezone.now()
            )
            messages.success(request, _("%(reference)s is undone.") % {"reference": found.reference})
            return redirect("bills:customer", found.customer.reference)
    return render(request, "bills/undo_restructuring.html", {"restructuring": found, "form": form})
