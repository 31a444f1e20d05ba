"""The roster of who takes cases, and the assignment: first as a dry run, then for good."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.cases.actions import roster as actions
from apps.cases.domain.assignment import Plan
from apps.cases.forms.roster import RosterForm
from apps.cases.queries import roster as queries
from apps.closing import queries as closing
from apps.core.forms import told


@requires(Permission.CASE_ASSIGN)
def roster(request: HttpRequest) -> HttpResponse:
    """Who takes cases and what they have; on demand, since it takes seconds, what an assignment would give them now."""
    now, user, is_dry_run = timezone.now(), user_of(request), "dry_run" in request.GET
    works, plan = actions.propose(by=user, at=now) if is_dry_run else ([], Plan({}, {}))
    people = queries.agents(closing.business_date_at(now))
    waiting = queries.waiting(user)[: queries.MOST].count()
    context = {
        "shares": queries.shares(people, works, plan),
        "left": queries.reasons(works, plan),
        "given": len(plan.given),
        "is_dry_run": is_dry_run,
        "waiting": waiting,
        "is_capped": waiting == queries.MOST,
        "candidates": queries.candidates().exists(),
    }
    return render(request, "cases/roster.html", context)


@requires(Permission.CASE_ASSIGN)
@require_POST
def assign_roster(request: HttpRequest) -> HttpResponse:
    """Give the waiting cases to the roster."""
    _works, plan = actions.assign(by=user_of(request), at=timezone.now())
    if plan.given:
        text = ngettext("%(count)s case is assigned.", "%(count)s cases are assigned.", len(plan.given))
        messages.success(request, text % {"count": len(plan.given)})
    else:
        messages.info(request, _("No case was assigned."))
    return redirect("cases:roster")


@requires(Permission.CASE_ASSIGN)
def enter_roster(request: HttpRequest) -> HttpResponse:
    """Put somebody on the roster."""
    form = RosterForm(request.POST or None)
    if form.is_valid():
        with told(form):
            user = form.cleaned_data["user"]
            actions.enter(user=user, entry=form.entry, by=user_of(request), at=timezone.now())
            messages.success(request, _("%(name)s is on the roster.") % {"name": user.name})
            return redirect("cases:roster")
    return render(request, "cases/roster_entry.html", {"form": form})


@requires(Permission.CASE_ASSIGN)
def change_roster(request: HttpRequest, username: str) -> HttpResponse:
    """Change what somebody may be given."""
    entry = get_object_or_404(queries.entries(), user__username=username)
    form = RosterForm(request.POST or None, entry=entry)
    if form.is_valid():
        with told(form):
            actions.enter(user=entry.user, entry=form.entry, by=user_of(request), at=timezone.now())
            messages.success(request, _("%(name)s is on the roster.") % {"name": entry.user.name})
            return redirect("cases:roster")
    return render(request, "cases/roster_entry.html", {"form": form, "entry": entry})


@requires(Permission.CASE_ASSIGN)
@require_POST
def leave_roster(request: HttpRequest, username: str) -> HttpResponse:
    """Take somebody off the roster."""
    entry = get_object_or_404(queries.entries(), user__username=username)
    actions.leave(entry=entry, by=user_of(request), at=timezone.now())
    messages.success(request, _("%(name)s is given no more cases.") % {"name": entry.user.name})
    return redirect("cases:roster")
