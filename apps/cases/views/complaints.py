"""Complaints: the list by what is due, one complaint with what may be done to it, and how often whom they concern."""

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
from apps.bills.queries import people, waivers
from apps.cases import filters
from apps.cases.actions import complaints as actions
from apps.cases.domain.complaints import AHEAD, ComplaintStatus
from apps.cases.forms import complaints as forms
from apps.cases.forms.shared import Why
from apps.cases.models import Complaint
from apps.cases.queries import complaints as queries
from apps.cases.queries import worklist
from apps.closing import queries as closing
from apps.core import queries as core
from apps.core.domain.money import ZERO
from apps.core.forms import told


@requires(Permission.COMPLAINT_READ)
def complaints(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer, the first due first."""
    given = request.GET if "status" in request.GET else {"status": ComplaintStatus.OPEN}
    found = filters.Complaints(given, queries.visible_to(user_of(request)), request=request)
    page = queries.page(found.qs, after=core.key(request.GET.get("after")))
    today = closing.business_date_at(timezone.now())
    rows = [(complaint, (complaint.due_date - today).days) for complaint in page.rows]
    return render(request, "cases/complaints.html", {"filter": found, "page": page, "rows": rows, "ahead": AHEAD})


@requires(Permission.COMPLAINT_READ)
def rates(request: HttpRequest) -> HttpResponse:
    """Complaints of the last 90 days by person, template and topic, of the contacts that they had."""
    today = closing.business_date_at(timezone.now())
    tables = [
        (_("By person"), "", queries.by_person(today)),
        (_("By template"), "template", queries.by_template(today)),
        (_("By topic"), "topic", queries.by_topic(today)),
    ]
    return render(request, "cases/complaint_rates.html", {"tables": tables, "day": today, "days": queries.WINDOW.days})


@requires(Permission.COMPLAINT_RECORD)
def record_complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down what a customer complains about; `?contact=` names the contact that it is about."""
    user, now = user_of(request), timezone.now()
    customer = get_object_or_404(people.visible_to(user), reference=reference)
    key = core.key(request.GET.get("contact"))
    contact = get_object_or_404(worklist.contacts(user), pk=key) if key else None
    initial = {
        "received_date": closing.business_date_at(now),
        "about": contact.recorded_by_id if contact else None,
    }
    form = forms.NewComplaint(request.POST or None, initial=initial)
    if form.is_valid():
        with told(form):
            made = actions.record(customer=customer, contact=contact, by=user, at=now, **form.cleaned_data)
            words = {"reference": made.reference, "date": made.due_date}
            messages.success(request, _("Complaint %(reference)s is recorded, to be answered by %(date)s.") % words)
            if queries.visible_to(user).filter(pk=made.pk).exists():
                return redirect("cases:complaint", made.reference)
            return redirect("bills:customer", customer.reference)
    context = {"customer": customer, "contact": contact, "form": form}
    return render(request, "cases/record_complaint.html", context)


@requires(Permission.COMPLAINT_READ)
def complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """One complaint: what was said, by when it is answered, and what its handler may do."""
    user = user_of(request)
    found = get_object_or_404(queries.visible_to(user), reference=reference)
    return render(request, "cases/complaint.html", _context(request, found))


@requires(Permission.COMPLAINT_HANDLE)
def give_complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """Say who handles it."""
    found = _found(request, reference)
    return _change(request, found, "give", forms.Handler(request.POST or None, complaint=found))


@requires(Permission.COMPLAINT_HANDLE)
def prolong_complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """Call it complex."""
    return _change(request, _found(request, reference), "call_complex", Why(request.POST or None))


@requires(Permission.COMPLAINT_HANDLE)
def extend_complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for 60 days."""
    return _change(request, _found(request, reference), "request_extension", Why(request.POST or None))


@requires(Permission.COMPLAINT_HANDLE)
def answer_complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what was found."""
    return _change(request, _found(request, reference), "answer", forms.Answer(request.POST or None))


@requires(Permission.COMPLAINT_HANDLE)
def withdraw_complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """Note that the customer took it back."""
    return _change(request, _found(request, reference), "withdraw", Why(request.POST or None))


@requires(Permission.COMPLAINT_HANDLE)
def reopen_complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """Take it up again."""
    return _change(request, _found(request, reference), "reopen", Why(request.POST or None))


def _found(request: HttpRequest, reference: str) -> Complaint:
    return get_object_or_404(queries.visible_to(user_of(request)), reference=reference)


def _change(request: HttpRequest, found: Complaint, name: str, form: django_forms.Form) -> HttpResponse:
    """Do what the form says, and back to the complaint; the page with the form where it cannot be done."""
    if form.is_valid():
        with told(form):
            does = getattr(actions, name)
            does(complaint=found, by=user_of(request), at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Complaint %(reference)s is changed.") % {"reference": found.reference})
            return redirect("cases:complaint", found.reference)
    return render(request, "cases/change_complaint.html", {**_context(request, found), "form": form, "does": name})


def _context(request: HttpRequest, found: Complaint) -> dict[str, Any]:
    user, now = user_of(request), timezone.now()
    is_open = found.status == ComplaintStatus.OPEN
    return {
        "complaint": found,
        "days_left": (found.due_date - closing.business_date_at(now)).days if is_open else None,
        "ahead": AHEAD,
        "is_handler": is_open and found.handler_id == user.pk,
        "can_be_given": is_open and staff.holds(user, Permission.COMPLAINT_HANDLE),
        "requests": queries.asked_for(found, user),
        "rules": waivers.rules_of(queries.ACTION, found.customer.reference, ZERO, user, now, fees_only=False),
    }
