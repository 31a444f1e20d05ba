"""Asking for a customer's personal data to be erased."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills.forms.erasure import ErasureRequest
from apps.bills.queries import people, waivers
from apps.core.domain.money import ZERO
from apps.core.forms import told
from apps.customers.actions import erasure as actions
from apps.customers.queries import erasure as queries


@requires(Permission.ERASURE_REQUEST)
def request_erasure(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for it, seeing what must be kept still and who must agree."""
    user, now = user_of(request), timezone.now()
    customer = get_object_or_404(people.visible_to(user), reference=reference)
    form = ErasureRequest(request.POST or None)
    if form.is_valid():
        with told(form):
            asked = actions.request(customer=customer, reason=form.cleaned_data["reason"], by=user, at=now)
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return redirect("bills:customer", customer.reference)
    context = {
        "customer": customer,
        "form": form,
        "kept": queries.kept(customer),
        "objections": list(queries.objections(customer, now)),
        "requests": queries.asked_for(customer, user),
        "rules": waivers.rules_of(queries.ACTION, customer.reference, ZERO, user, now, fees_only=False),
    }
    return render(request, "bills/request_erasure.html", context)
