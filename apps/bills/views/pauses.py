"""Letting a customer's account stand still, ending that, and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills.actions import pauses as actions
from apps.bills.forms import pauses as forms
from apps.bills.queries import pauses as queries
from apps.bills.queries import people
from apps.closing import queries as closing
from apps.core.forms import told


@requires(Permission.PAUSE_DECIDE)
def begin_pause(request: HttpRequest, reference: str) -> HttpResponse:
    """Let an account stand still from a day on."""
    user, now = user_of(request), timezone.now()
    customer = get_object_or_404(people.visible_to(user), reference=reference)
    day = closing.business_date_at(now)
    form = forms.Pause(request.POST or None, initial={"start_date": day})
    if form.is_valid():
        with told(form):
            pause = actions.begin(customer=customer, by=user, at=now, **form.cleaned_data)
            messages.success(request, _("Pause %(reference)s begins.") % {"reference": pause.reference})
            return redirect("bills:customer", customer.reference)
    standing = queries.history(customer, user).filter(cancelled_at=None)
    return render(request, "bills/begin_pause.html", {"customer": customer, "form": form, "pauses": standing})


@requires(Permission.PAUSE_DECIDE)
def end_pause(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the days count again earlier than was agreed."""
    user, now = user_of(request), timezone.now()
    pause = get_object_or_404(queries.visible_to(user), reference=reference)
    day = closing.business_date_at(now)
    form = forms.PauseEnd(request.POST or None, initial={"end_date": day})
    if form.is_valid():
        with told(form):
            actions.end(pause=pause, by=user, at=now, **form.cleaned_data)
            messages.success(request, _("Pause %(reference)s ends.") % {"reference": pause.reference})
            return redirect("bills:customer", pause.customer.reference)
    return render(request, "bills/end_pause.html", {"pause": pause, "form": form})


@requires(Permission.PAUSE_DECIDE)
def cancel_pause(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a pause back, with the reason."""
    user, now = user_of(request), timezone.now()
    pause = get_object_or_404(queries.visible_to(user), reference=reference)
    form = forms.PauseCancellation(request.POST or None)
    if form.is_valid():
        with told(form):
            actions.cancel(pause=pause, by=user, at=now, **form.cleaned_data)
            messages.success(request, _("Pause %(reference)s is taken back.") % {"reference": pause.reference})
            return redirect("bills:customer", pause.customer.reference)
    return render(request, "bills/cancel_pause.html", {"pause": pause, "form": form})
