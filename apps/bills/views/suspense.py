"""Money whose customer is not known: the queue, one item with who it may be, assigning it and giving it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills import filters
from apps.bills.actions import suspense as actions
from apps.bills.domain.suspense import SuspenseStatus
from apps.bills.forms import suspense as forms
from apps.bills.queries import suspense as queries
from apps.closing import queries as closing
from apps.core import queries as core
from apps.core.forms import told


@requires(Permission.BILL_READ)
def suspense(request: HttpRequest) -> HttpResponse:
    """Money that waits for its customer, the oldest first."""
    given = request.GET if "status" in request.GET else {"status": SuspenseStatus.WAITING}
    found = filters.Suspense(given, queries.visible_to(user_of(request)))
    page = queries.page(found.qs, after=core.key(request.GET.get("after")))
    today = closing.business_date_at(timezone.now())
    rows = [(item, queries.age(item, today)) for item in page.rows]
    return render(request, "bills/suspense.html", {"filter": found, "page": page, "rows": rows})


@requires(Permission.BILL_READ)
def suspense_item(request: HttpRequest, reference: str) -> HttpResponse:
    """One item: what is known of the payer, and whose money it may be."""
    item = get_object_or_404(queries.visible_to(user_of(request)), reference=reference)
    waits = item.status == SuspenseStatus.WAITING
    context = {
        "item": item,
        "age": queries.age(item, closing.business_date_at(timezone.now())),
        "candidates": queries.candidates(item) if waits else [],
        "assign": forms.Assignment(user=user_of(request)),
        "give_back": forms.GiveBack(),
    }
    return render(request, "bills/suspense_item.html", context)


@requires(Permission.SUSPENSE_DECIDE)
def assign_suspense(request: HttpRequest, reference: str) -> HttpResponse:
    """Say whose money it is."""
    user, now = user_of(request), timezone.now()
    item = get_object_or_404(queries.visible_to(user), reference=reference)
    initial = {"customer": request.GET.get("customer"), "bill": request.GET.get("bill")}
    form = forms.Assignment(request.POST or None, user=user, initial=initial)
    if form.is_valid():
        with told(form):
            business_date = closing.business_date_at(now)
            repayment = actions.assign(item=item, business_date=business_date, by=user, at=now, **form.cleaned_data)
            words = {"reference": item.reference, "customer": repayment.customer.reference}
            messages.success(request, _("%(reference)s is booked as a repayment of %(customer)s.") % words)
            return redirect("bills:repayment", repayment.reference)
    return render(request, "bills/assign_suspense.html", {"item": item, "form": form})


@requires(Permission.SUSPENSE_DECIDE)
def return_suspense(request: HttpRequest, reference: str) -> HttpResponse:
    """Note that the money goes back."""
    user, now = user_of(request), timezone.now()
    item = get_object_or_404(queries.visible_to(user), reference=reference)
    form = forms.GiveBack(request.POST or None)
    if form.is_valid():
        with told(form):
            actions.give_back(item=item, by=user, at=now, **form.cleaned_data)
            messages.success(request, _("%(reference)s is given back.") % {"reference": item.reference})
            return redirect("bills:suspense_item", item.reference)
    return render(request, "bills/return_suspense.html", {"item": item, "form": form})
