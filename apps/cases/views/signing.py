"""The page on which a customer reads the terms and signs, without a log-in: a signed token in its address vouches."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from apps.access.guard import public, vouched
from apps.cases.actions import signing as actions
from apps.cases.forms.arrangements import Agreement
from apps.cases.queries import arrangements, signing
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused

BY = System("signing")


@public
@never_cache
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """The terms, masked, and the customer's yes."""
    now = timezone.now()
    try:
        reference = actions.open_link(token=token, by=BY, at=now)
    except Refused as refusal:
        return render(request, "cases/sign.html", {"sentence": refusal.sentence}, status=404)
    vouched()
    link, form = signing.link(reference), Agreement(request.POST or None)
    is_good = link is not None and signing.is_good(link, now)
    if is_good and form.is_valid():
        try:
            done = actions.sign_by_link(reference=reference, by=BY, at=now)
        except Refused as refusal:
            return render(request, "cases/sign.html", {"sentence": refusal.sentence}, status=409)
        return render(request, "cases/sign.html", {"signed": done})
    if link is None or not is_good:
        return render(request, "cases/sign.html", {"is_over": True}, status=410)
    found = link.arrangement
    currency = arrangements.currency_of(found.customer)
    context = {"arrangement": found, "parts": arrangements.parts_of(found), "form": form, "currency": currency}
    return render(request, "cases/sign.html", context)
