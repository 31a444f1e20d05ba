"""Auto-debit: what was instructed and what became of it, withdrawing a debit, and customers' mandates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills import filters
from apps.bills.actions import debits as actions
from apps.bills.forms import debits as forms
from apps.bills.queries import debits as queries
from apps.bills.queries import people
from apps.closing import queries as closing
from apps.core import queries as core
from apps.core.forms import told


@requires(Permission.BILL_READ)
def debits(request: HttpRequest) -> HttpResponse:
    """Debits by day and status, the last instructed first."""
    found = filters.Debits(request.GET, queries.visible_to(user_of(request)))
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    outlook = queries.outlook(closing.business_date_at(timezone.now()))
    return render(request, "bills/debits.html", {"filter": found, "page": page, "outlook": outlook})


@requires(Permission.MANDATE_MANAGE)
def withdraw_debit(request: HttpRequest, reference: str) -> HttpResponse:
    """Take an instruction back, with the reason."""
    user = user_of(request)
    debit = get_object_or_404(queries.visible_to(user), reference=reference)
    form = forms.Withdrawal(request.POST or None)
    if form.is_valid():
        with told(form):
            actions.withdraw(debit=debit, by=user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Debit %(reference)s is withdrawn.") % {"reference": debit.reference})
            return redirect("bills:debits")
    return render(request, "bills/withdraw_debit.html", {"debit": debit, "form": form})


@requires(Permission.MANDATE_MANAGE)
def agree_mandate(request: HttpRequest, reference: str) -> HttpResponse:
    """Note a customer's leave to debit an account."""
    user, now = user_of(request), timezone.now()
    customer = get_object_or_404(people.visible_to(user), reference=reference)
    business_date = closing.business_date_at(now)
    form = forms.Agreement(request.POST or None, business_date=business_date, initial={"agreed_date": business_date})
    if form.is_valid():
        with told(form):
            mandate = actions.agree(customer=customer, by=user, at=now, **form.cleaned_data)
            messages.success(request, _("Mandate %(reference)s is noted.") % {"reference": mandate.reference})
            return redirect("bills:customer", customer.reference)
    return render(request, "bills/agree_mandate.html", {"customer": customer, "form": form})


@requires(Permission.MANDATE_MANAGE)
def revoke_mandate(request: HttpRequest, reference: str) -> HttpResponse:
    """End a mandate today."""
    user, now = user_of(request), timezone.now()
    mandate = get_object_or_404(queries.mandates_visible_to(user), reference=reference)
    form = forms.Revocation(request.POST or None)
    if form.is_valid():
        with told(form):
            business_date = closing.business_date_at(now)
            actions.revoke(mandate=mandate, business_date=business_date, by=user, at=now)
            messages.success(request, _("Mandate %(reference)s is revoked.") % {"reference": mandate.reference})
            return redirect("bills:customer", mandate.customer.reference)
    return render(request, "bills/revoke_mandate.html", {"mandate": mandate, "form": form})
