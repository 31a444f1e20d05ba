"""Bills that were written off, asking for one more, and asking for that to be reversed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills import filters
from apps.bills.actions import write_offs as actions
from apps.bills.forms.write_offs import WriteOffRequest
from apps.bills.queries import bills, fees
from apps.bills.queries import write_offs as queries
from apps.core import queries as core
from apps.core.forms import told


@requires(Permission.BILL_READ)
def write_offs(request: HttpRequest) -> HttpResponse:
    """Write-offs with what of each came back, the last first."""
    found = filters.WriteOffs(request.GET, queries.visible_to(user_of(request)))
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    return render(request, "bills/write_offs.html", {"filter": found, "page": page})


@requires(Permission.WRITE_OFF_REQUEST)
def request_write_off(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a bill to be written off, seeing what goes out and who must agree."""
    user, now = user_of(request), timezone.now()
    bill = get_object_or_404(bills.visible_to(user), reference=reference)
    form = WriteOffRequest(request.POST or None)
    if form.is_valid():
        with told(form):
            asked = actions.request(bill=bill, reason=form.cleaned_data["reason"], by=user, at=now)
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return redirect("bills:bill", bill.reference)
    amount = queries.owed(bill)
    context = {
        "bill": bill,
        "form": form,
        "amount": amount,
        "late_fee": fees.late_fee_owed(bill),
        "interest": fees.interest_owed(bill),
        "rules": queries.rules(queries.ACTION, bill, amount, user, now),
    }
    return render(request, "bills/request_write_off.html", context)


@requires(Permission.WRITE_OFF_REQUEST)
def request_write_off_reversal(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a write-off to be reversed, seeing what came back and who must agree."""
    user, now = user_of(request), timezone.now()
    written_off = get_object_or_404(queries.visible_to(user), reference=reference)
    form = WriteOffRequest(request.POST or None)
    if form.is_valid():
        with told(form):
            reason = form.cleaned_data["reason"]
            asked = actions.request_reversal(write_off=written_off, reason=reason, by=user, at=now)
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return redirect("bills:bill", written_off.bill.reference)
    rules = queries.rules(queries.REVERSAL, written_off.bill, written_off.amount, user, now)
    context = {"write_off": written_off, "form": form, "rules": rules}
    return render(request, "bills/request_write_off_reversal.html", context)
