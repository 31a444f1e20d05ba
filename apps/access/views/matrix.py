"""The authority matrix: the edition in force, every edition, what one changes, and the editor with its preview."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access.actions import matrix as actions
from apps.access.domain.matrix import Line
from apps.access.domain.permissions import Permission
from apps.access.forms import matrix as forms
from apps.access.guard import requires, user_of
from apps.access.queries import matrix
from apps.core.forms import told


@requires(Permission.STAFF_READ)
def authority(request: HttpRequest) -> HttpResponse:
    """Who must agree at which amount, as it is in force today, with every edition and proposal."""
    today = timezone.localdate()
    version = matrix.version_in_force(today)
    sample = forms.Sample(request.GET if "sample_action" in request.GET else None)
    context = {
        "version": version,
        "rules": matrix.lines_in_force(today),
        "versions": matrix.versions(),
        "today": today,
        "proposals": matrix.proposals(user_of(request))[:20],
        **_needed(sample, matrix.lines_of(version)),
    }
    return render(request, "access/authority.html", context)


@requires(Permission.STAFF_READ)
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """One edition with what it changed in the one before it."""
    version = get_object_or_404(matrix.versions(), number=number)
    before = matrix.versions().filter(number=number - 1).first()
    context = {
        "version": version,
        "rules": version.rules.all(),
        "before": before,
        "differences": matrix.differences(before, matrix.draft_of(version)) if before else [],
    }
    return render(request, "access/edition.html", context)


@requires(Permission.APPROVAL_READ)
def proposal(request: HttpRequest, reference: str) -> HttpResponse:
    """A proposed edition beside the one that it was drawn from."""
    asked = get_object_or_404(matrix.proposals(user_of(request)), reference=reference)
    before = matrix.versions().filter(number=asked.facts["base_version"]).first()
    draft = matrix.from_payload(asked.payload)
    context = {
        "asked": asked,
        "draft": draft,
        "before": before,
        "differences": matrix.differences(before, draft),
    }
    return render(request, "access/proposal.html", context)


@requires(Permission.AUTHORITY_PROPOSE)
def propose(request: HttpRequest) -> HttpResponse:
    """The editor: the latest edition as a table, and a request on trial under what is typed."""
    latest = matrix.latest()
    given = request.POST or None
    lines = forms.lines(given, latest)
    form = forms.Edition(given, initial=_limits(latest))
    if given and "preview" not in given and form.is_valid() and lines.is_valid():
        with told(form):
            asked = actions.propose(
                draft=form.draft(lines.drawn()),
                base=form.cleaned_data["base"],
                reason=form.cleaned_data["reason"],
                by=user_of(request),
                at=timezone.now(),
            )
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return redirect("access:matrix_proposal", asked.reference)
    return render(request, "access/propose_matrix.html", {"form": form, "lines": lines, **_trial(given, lines)})


@requires(Permission.AUTHORITY_PROPOSE)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What is wrong with the lines as they are being typed, too many for an address, and whom a request would need."""
    lines = forms.lines(request.POST, matrix.latest())
    return render(request, "access/_matrix_preview.html", _trial(request.POST, lines))


def _trial(given: Any, lines: forms.Lines) -> dict[str, Any]:
    if given is None:
        drawn: tuple[Line, ...] | None = tuple(matrix.lines_of(matrix.latest()))
    else:
        drawn = lines.drawn() if lines.is_valid() else None
    sample = forms.Sample(given if given and given.get("sample_action") else None)
    problems = matrix.problems(drawn) if drawn is not None else None
    return {"problems": problems, **_needed(sample, drawn or ())}


def _needed(sample: forms.Sample, lines: Any) -> dict[str, Any]:
    """The form of a request on trial, and whom it would need."""
    asked = sample.is_valid()
    return {
        "sample": sample,
        "need": sample.need(lines) if asked else None,
        "sample_words": sample.words() if asked else "",
    }


def _limits(latest: Any) -> dict[str, Any]:
    if latest is None:
        return {"base": 0}
    return {
        "base": latest.number,
        "maker_daily_limit": latest.maker_daily_limit,
        "customer_daily_limit": latest.customer_daily_limit,
    }
