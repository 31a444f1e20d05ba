"""Arrangements: the calculator, the list, one arrangement with what may be done to it."""

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.access.queries import people
from apps.cases import filters
from apps.cases.actions import arrangements as actions
from apps.cases.actions import signing
from apps.cases.domain.arrangements import ArrangementKind
from apps.cases.forms import arrangements as forms
from apps.cases.forms.shared import Why
from apps.cases.models import Arrangement
from apps.cases.queries import arrangements as queries
from apps.cases.queries import cases, proposals
from apps.closing import queries as closing
from apps.core import queries as core
from apps.core.forms import told


@requires(Permission.CASE_READ)
def arrangements(request: HttpRequest) -> HttpResponse:
    """What is arranged with whom, the latest first."""
    found = filters.Arrangements(request.GET, queries.visible_to(user_of(request)))
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    return render(request, "cases/arrangements.html", {"filter": found, "page": page})


@requires(Permission.ARRANGEMENT_PROPOSE)
def propose_arrangement(request: HttpRequest, reference: str) -> HttpResponse:
    """Reckon every kind side by side, and propose one."""
    user, now = user_of(request), timezone.now()
    case = get_object_or_404(cases.visible_to(user), reference=reference)
    today = closing.business_date_at(now)
    policy, owing = queries.policy(today), queries.owing(case.customer, today)
    wants = request.POST.get("does") == "propose"
    form = (forms.Proposal if wants else forms.Calculator)(request.POST or None, initial={"first_date": today})
    options = []
    if form.is_valid():
        if isinstance(form, forms.Proposal):
            with told(form):
                kind, reason = form.cleaned_data["kind"], form.cleaned_data["reason"]
                wanted = form.asked(kind)
                made = actions.propose(case=case, asked=wanted, budget=form.budget, reason=reason, by=user, at=now)
                messages.success(request, _("%(reference)s is proposed.") % {"reference": made.reference})
                return redirect("cases:arrangement", made.reference)
        options = list(
            proposals.options(
                case.customer,
                owing,
                form.asked(ArrangementKind.SETTLEMENT),
                form.budget,
                roles=people.roles_of(user),
                policy=policy,
                date=today,
                fee_rate=form.asked(ArrangementKind.RE_AGE).monthly_fee_rate,
            )
        )
    shown = form if isinstance(form, forms.Proposal) else forms.Proposal(request.POST or None, initial=form.initial)
    if not wants:
        shown.errors.pop("kind", None)
        shown.errors.pop("reason", None)
    context = {"case": case, "form": shown, "owing": owing, "options": options, "policy": policy}
    return render(request, "cases/propose_arrangement.html", context)


@requires(Permission.CASE_READ)
def arrangement(request: HttpRequest, reference: str) -> HttpResponse:
    """One arrangement: its terms, what is paid of it, who agreed."""
    return _page(request, _found(request, reference))


@requires(Permission.ARRANGEMENT_PROPOSE)
@require_POST
def send_arrangement(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the customer the address under which to sign."""
    found = _found(request, reference)
    signing.send_link(arrangement=found, by=user_of(request), at=timezone.now())
    messages.success(request, _("The link is on its way."))
    return redirect("cases:arrangement", found.reference)


@requires(Permission.ARRANGEMENT_PROPOSE)
def sign_arrangement(request: HttpRequest, reference: str) -> HttpResponse:
    """Note that the customer agreed in a recorded call."""
    found, form = _found(request, reference), forms.Recording(request.POST or None)
    if form.is_valid():
        with told(form):
            signing.sign_by_recording(arrangement=found, **form.cleaned_data, by=user_of(request), at=timezone.now())
            messages.success(request, _("%(reference)s is signed.") % {"reference": found.reference})
            return redirect("cases:arrangement", found.reference)
    return _page(request, found, form, _("Agreed in a recorded call"))


@requires(Permission.ARRANGEMENT_PROPOSE)
def withdraw_arrangement(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back what is not signed."""
    found, form = _found(request, reference), Why(request.POST or None)
    if form.is_valid():
        with told(form):
            actions.withdraw(arrangement=found, **form.cleaned_data, by=user_of(request), at=timezone.now())
            messages.success(request, _("%(reference)s is taken back.") % {"reference": found.reference})
            return redirect("cases:arrangement", found.reference)
    return _page(request, found, form, _("Take it back"))


def _found(request: HttpRequest, reference: str) -> Arrangement:
    return get_object_or_404(queries.visible_to(user_of(request)), reference=reference)


def _page(
    request: HttpRequest, found: Arrangement, form: django_forms.Form | None = None, asks: str = ""
) -> HttpResponse:
    found.refresh_from_db(fields=["status"])
    context = {
        "arrangement": found,
        "schedule": queries.schedule(found, closing.business_date_at(timezone.now())),
        "moves": found.moves.order_by("pk"),
        "decisions": found.approval.decisions.select_related("decided_by").order_by("pk"),
        "waivers": found.approval.waivers.select_related("bill", "revocation").order_by("pk"),
        "form": form,
        "asks": asks,
    }
    return render(request, "cases/arrangement.html", context)
