"""One case: everything that one needs to know to speak with the customer, and what came of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.access.models import User
from apps.access.queries import people as staff
from apps.bills.queries import ledger, observations, people
from apps.cases import forms
from apps.cases.actions import cases as actions
from apps.cases.actions import contacts
from apps.cases.domain.status import Outcome
from apps.cases.models import Case, Contact
from apps.cases.queries import arrangements, cases, disputes, history, holds, placements, workspace
from apps.closing import queries as closing
from apps.core.forms import told
from apps.customers.domain.contact import Channel

RECENT = 8  # ledger entries


@requires(Permission.CASE_READ)
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The workspace of one case."""
    found = get_object_or_404(cases.visible_to(user_of(request)), reference=reference)
    return render(request, "cases/case.html", _workspace(request, found))


@requires(Permission.CASE_WORK)
def record_contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep a call with the customer, its outcome and its promise, if the gate lets it be made."""
    user = user_of(request)
    found = get_object_or_404(cases.visible_to(user), reference=reference)
    form = forms.Contact(request.POST or None)
    if form.is_valid():
        with told(form):
            made = contacts.record(
                case=found,
                channel=Channel.CALL,
                outcome=Outcome(form.cleaned_data["outcome"]),
                note=form.cleaned_data["note"],
                promise=form.promise,
                by=user,
                at=timezone.now(),
            )
            messages.success(request, _("The call is recorded."))
            return _onwards(user, found, made)
    return render(request, "cases/case.html", _workspace(request, found, contact=form))


@requires(Permission.CASE_ASSIGN)
@require_POST
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a case to somebody, or back to its queue."""
    user = user_of(request)
    found = get_object_or_404(cases.visible_to(user), reference=reference)
    form = forms.Assignment(request.POST)
    if form.is_valid():
        owner = form.cleaned_data["owner"]
        actions.assign(case=found, to=owner, by=user, at=timezone.now())
        told_so = _("The case belongs to %(name)s now.") % {"name": owner.name} if owner else _("The case is free.")
        messages.success(request, told_so)
        return redirect("cases:case", found.reference)
    return render(request, "cases/case.html", _workspace(request, found, assignment=form))


def _onwards(user: User, found: Case, made: Contact) -> HttpResponse:
    """A dispute or a hardship leads on to its form, for whoever may fill it in; anything else back to the case."""
    customer = found.customer.reference
    if made.outcome == Outcome.DISPUTE and staff.holds(user, Permission.DISPUTE_RECORD):
        return redirect(f"{reverse('cases:record_dispute', args=[customer])}?contact={made.pk}")
    if made.outcome == Outcome.HARDSHIP and staff.holds(user, Permission.HOLD_PLACE):
        return redirect(f"{reverse('cases:place_hold', args=[customer])}?kind=hardship")
    return redirect("cases:case", found.reference)


def _workspace(
    request: HttpRequest,
    found: Case,
    contact: forms.Contact | None = None,
    assignment: forms.Assignment | None = None,
) -> dict[str, Any]:
    user, now = user_of(request), timezone.now()
    day, as_of = closing.business_date_at(now), closing.last_closed_date()
    return {
        "case": found,
        "customer": found.customer,
        "placement": placements.standing(found),
        "day": day,
        "lateness": observations.lateness_of(found.customer, as_of),
        "overdue": people.overdue(found.customer, day),
        "bills": workspace.owed(found, user, as_of),
        "repayments": workspace.paid(found, user),
        "sheet": ledger.sheet(ledger.visible_to(user), found.customer, size=RECENT),
        "promises": workspace.promises(found),
        "arrangements": arrangements.of_customer(found.customer, user),
        "tasks": workspace.tasks(found),
        "holds": holds.shown(found.customer, user, day),
        "disputes": disputes.of_customer(found.customer, user)[:RECENT],
        "reach": workspace.reach(found, now),
        "upcoming": workspace.upcoming(found, as_of),
        "events": history.of(found, user),
        "contact": contact or forms.Contact(),
        "assignment": assignment or forms.Assignment(initial={"owner": found.owner_id}),
    }
