"""Having a personal value shown: once, for a reason, on a page that is kept nowhere."""

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills.forms.reveals import RevealRequest
from apps.bills.queries import people, suspense
from apps.core.forms import told
from apps.customers.actions import reveals as actions
from apps.customers.queries import reveals as queries

DAYS = 7


@never_cache
@requires(Permission.CUSTOMER_READ, Permission.PERSONAL_REVEAL)
def reveal(request: HttpRequest, reference: str) -> HttpResponse:
    """A value of a customer."""
    found = get_object_or_404(people.visible_to(user_of(request)), reference=reference)
    return _answer(request, found, back=reverse("bills:customer", args=(reference,)))


@never_cache
@requires(Permission.SUSPENSE_DECIDE, Permission.PERSONAL_REVEAL)
def reveal_payer(request: HttpRequest, reference: str) -> HttpResponse:
    """Who paid money in suspense, and what they wrote."""
    found = get_object_or_404(suspense.visible_to(user_of(request)), reference=reference)
    return _answer(request, found, back=reverse("bills:suspense_item", args=(reference,)))


@requires(Permission.AUDIT_READ)
def reveals(request: HttpRequest) -> HttpResponse:
    """Who had how much shown in the last days."""
    now = timezone.now()
    found = queries.per_person(now - DAYS * queries.WATCHED, now)
    return render(request, "bills/reveals.html", {"people": found, "days": DAYS})


def _answer(request: HttpRequest, of: Model, *, back: str) -> HttpResponse:
    values = queries.values(of)
    chosen = {"field": request.GET.get("field", ""), "purpose": request.GET.get("for", "")}
    form = RevealRequest(request.POST or None, values=values, initial=chosen)
    shown = ""
    if form.is_valid():
        field, why = form.cleaned_data["field"], form.cleaned_data["why"]
        with told(form):
            shown = actions.reveal(of=of, field=field, reason=why, by=user_of(request), at=timezone.now())
    label = {code: label for code, label, _ in values}.get(form["field"].value() or "", "")
    return render(request, "bills/reveal.html", {"of": of, "form": form, "shown": shown, "label": label, "back": back})
