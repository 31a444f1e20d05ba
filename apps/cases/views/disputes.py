"""Disputes: the desk by what is due, and one dispute with what may be done to it."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.access.queries import people as staff
from apps.bills.queries import people
from apps.cases import filters
from apps.cases.actions import disputes as actions
from apps.cases.domain.disputes import AHEAD, MOVES, DisputeStatus
from apps.cases.forms import disputes as forms
from apps.cases.forms.shared import Why
from apps.cases.models import Dispute
from apps.cases.queries import disputes as queries
from apps.cases.queries import worklist
from apps.closing import queries as closing
from apps.core import queries as core
from apps.core.forms import told


@requires(Permission.CASE_READ)
def disputes(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer, the first due first."""
    given = request.GET if "status" in request.GET else {"status": "undecided"}
    found = filters.Disputes(given, queries.visible_to(user_of(request)), request=request)
    page = queries.page(found.qs, after=core.key(request.GET.get("after")))
    today = closing.business_date_at(timezone.now())
    rows = [(one, None if one.ended_date else (one.due_date - today).days) for one in page.rows]
    return render(request, "cases/disputes.html", {"filter": found, "page": page, "rows": rows, "ahead": AHEAD})


@requires(Permission.DISPUTE_RECORD)
def record_dispute(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down what a customer disputes; `?contact=` names the contact in which they did."""
    user, now = user_of(request), timezone.now()
    customer = get_object_or_404(people.visible_to(user), reference=reference)
    key = core.key(request.GET.get("contact"))
    contact = get_object_or_404(worklist.contacts(user), pk=key) if key else None
    initial = {"received_date": closing.business_date_at(now)}
    form = forms.NewDispute(request.POST or None, initial=initial, customer=customer, user=user)
    if form.is_valid():
        with told(form):
            made = actions.record(customer=customer, contact=contact, by=user, at=now, **form.cleaned_data)
            words = {"reference": made.reference, "date": made.due_date}
            messages.success(request, _("Dispute %(reference)s is recorded, to be answered by %(date)s.") % words)
            return redirect("cases:dispute", made.reference)
    context = {"customer": customer, "contact": contact, "form": form}
    return render(request, "cases/record_dispute.html", context)


@requires(Permission.CASE_READ)
def dispute(request: HttpRequest, reference: str) -> HttpResponse:
    """One dispute: what is contested, by when it is answered, what speaks for it, and what may be done."""
    return render(request, "cases/dispute.html", _context(request, _found(request, reference)))


@requires(Permission.DISPUTE_RECORD)
def document_dispute(request: HttpRequest, reference: str) -> HttpResponse:
    """Note a document."""
    return _change(request, reference, "add_evidence", forms.Document(request.POST or None))


@requires(Permission.DISPUTE_DECIDE)
def want_evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """Wait for what is still to be shown."""
    return _change(request, reference, "ask_for_evidence", Why(request.POST or None))


@requires(Permission.DISPUTE_DECIDE)
def review_dispute(request: HttpRequest, reference: str) -> HttpResponse:
    """Take it on."""
    return _change(request, reference, "review", forms.Review(request.POST if request.method == "POST" else None))


@requires(Permission.DISPUTE_DECIDE)
def decide_dispute(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what was found."""
    return _change(request, reference, "decide", forms.Decision(request.POST or None))


@requires(Permission.DISPUTE_DECIDE)
def withdraw_dispute(request: HttpRequest, reference: str) -> HttpResponse:
    """Note that the customer took it back."""
    return _change(request, reference, "withdraw", Why(request.POST or None))


def _found(request: HttpRequest, reference: str) -> Dispute:
    return get_object_or_404(queries.visible_to(user_of(request)), reference=reference)


def _change(request: HttpRequest, reference: str, name: str, form: django_forms.Form) -> HttpResponse:
    """Do what the form says, and back to the dispute; the page with the form where it cannot be done."""
    found = _found(request, reference)
    if form.is_valid():
        with told(form):
            getattr(actions, name)(dispute=found, by=user_of(request), at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Dispute %(reference)s is changed.") % {"reference": found.reference})
            return redirect("cases:dispute", found.reference)
    return render(request, "cases/change_dispute.html", {**_context(request, found), "form": form, "does": name})


def _context(request: HttpRequest, found: Dispute) -> dict[str, Any]:
    user = user_of(request)
    interest = queries.interest_of(user, found)
    decides = staff.holds(user, Permission.DISPUTE_DECIDE) and interest is None
    left = (found.due_date - closing.business_date_at(timezone.now())).days
    return {
        "dispute": found,
        "bills": [one.bill for one in found.bills.select_related("bill")],
        "evidence": found.evidence.select_related("added_by").order_by("pk"),
        "days_left": None if found.ended_date else left,
        "ahead": AHEAD,
        "why_not": queries.why_not(interest, user) if interest and not found.ended_date else "",
        "can": {to.value for to in MOVES[DisputeStatus(found.status)]} if decides else set(),
    }
