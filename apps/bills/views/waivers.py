"""Asking for a late fee to be waived; whoever the authority matrix names decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.actions import approvals
from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills import forms
from apps.bills.queries import bills, fees
from apps.bills.queries import waivers as queries
from apps.core.forms import told


@requires(Permission.WAIVER_REQUEST)
def request_waiver(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a late fee to be given up, seeing which rule it falls under and who must agree."""
    user, now = user_of(request), timezone.now()
    bill = get_object_or_404(bills.visible_to(user), reference=reference)
    owed = fees.late_fee_owed(bill)
    form = forms.WaiverRequest(request.POST or None, owed=owed, initial={"amount": owed})
    if form.is_valid():
        with told(form):
            asked = approvals.request(
                action=queries.ACTION,
                subject=approvals.Subject(queries.SUBJECT, bill.reference, bill.customer.reference),
                amount=form.cleaned_data["amount"],
                payload={"bill": bill.reference},
                reason=form.cleaned_data["reason"],
                by=user,
                at=now,
            )
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return redirect("bills:bill", bill.reference)
    context = {"bill": bill, "form": form, "owed": owed, "rules": queries.rules(bill, owed, user, now)}
    return render(request, "bills/request_waiver.html", context)
