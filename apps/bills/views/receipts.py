"""Money that came in: the list, one repayment, recording it and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills import filters, forms
from apps.bills.actions import repayments as actions
from apps.bills.queries import ledger, people, receipts
from apps.closing import queries as closing
from apps.core import queries as core
from apps.core.forms import told


@requires(Permission.BILL_READ)
def repayments(request: HttpRequest) -> HttpResponse:
    """Repayments, the last recorded first."""
    found = filters.Repayments(request.GET, receipts.visible_to(user_of(request)))
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    return render(request, "bills/repayments.html", {"filter": found, "page": page})


@requires(Permission.BILL_READ)
def repayment(request: HttpRequest, reference: str) -> HttpResponse:
    """One repayment and the entries that it made."""
    found = get_object_or_404(receipts.visible_to(user_of(request)), reference=reference)
    entries = ledger.visible_to(user_of(request)).filter(repayment=found).order_by("effective_date", "pk")
    context = {"repayment": found, "entries": entries, "allocation": receipts.allocation(entries)}
    return render(request, "bills/repayment.html", context)


@requires(Permission.REPAYMENT_RECORD)
def record_repayment(request: HttpRequest, reference: str) -> HttpResponse:
    """Take money that a customer has paid."""
    customer = get_object_or_404(people.visible_to(user_of(request)), reference=reference)
    now = timezone.now()
    business_date = closing.business_date_at(now)
    wished = {name: request.GET.get(name) for name in ("bill", "amount", "settles")}
    initial = {**wished, "received_date": request.GET.get("received_date") or business_date}
    form = forms.Repayment(request.POST or None, customer=customer, initial=initial)
    if form.is_valid():
        was_known = receipts.is_known(form.cleaned_data["reference"])
        with told(form):
            repayment = actions.record(
                customer=customer, business_date=business_date, by=user_of(request), at=now, **form.cleaned_data
            )
            known = _("Repayment %(reference)s was recorded before; nothing was booked.")
            messages.success(
                request,
                (known if was_known else _("Repayment %(reference)s is booked.")) % {"reference": repayment.reference},
            )
            return redirect("bills:repayment", repayment.reference)
    return render(request, "bills/record_repayment.html", {"customer": customer, "form": form, "day": business_date})


@requires(Permission.REPAYMENT_REVERSE)
def reverse_repayment(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a repayment back, with the reason."""
    repayment = get_object_or_404(receipts.visible_to(user_of(request)), reference=reference)
    form = forms.Reversal(request.POST or None)
    now = timezone.now()
    if form.is_valid():
        with told(form):
            actions.reverse(
                repayment=repayment,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                business_date=closing.business_date_at(now),
                by=user_of(request),
                at=now,
            )
            messages.success(request, _("Repayment %(reference)s is reversed.") % {"reference": repayment.reference})
            return redirect("bills:repayment", repayment.reference)
    return render(request, "bills/reverse_repayment.html", {"repayment": repayment, "form": form})
