"""Drafts of a strategy: drawn, edited with their faults beside, asked to be published; simulations of a version."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.cases import tasks
from apps.cases.actions import simulations as simulating
from apps.cases.actions import strategy_drafts as actions
from apps.cases.domain import strategy_shape
from apps.cases.forms import strategies as forms
from apps.cases.forms.shared import Why
from apps.cases.models import StrategyVersion
from apps.cases.queries import pictures, simulations
from apps.cases.queries import strategies as queries
from apps.cases.views.strategies import back, context_of
from apps.closing import queries as closing
from apps.core.forms import told


@requires(Permission.STRATEGY_DRAFT)
@require_POST
def draw_strategy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Begin a new version with what this one says."""
    found = _found(code, version)
    made = actions.draw(document=found.document, by=user_of(request), at=timezone.now())
    return redirect("cases:edit_strategy", made.code, made.version)


@requires(Permission.STRATEGY_DRAFT)
def edit_strategy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The editor: rows that are added, taken out and moved, with what is wrong and the picture beside them."""
    found = _found(code, version)
    editor = forms.Editor(found.document, request.POST or None)
    do = request.POST.get("do", "")
    if do:
        editor = editor.altered(do)
    elif request.POST and editor.is_valid():
        with told(editor.head):
            actions.change(version=found, document=editor.document(), by=user_of(request), at=timezone.now())
            messages.success(request, _("%(version)s is saved.") % {"version": found})
            return back(found)
    return render(request, "cases/edit_strategy.html", {"version": found, "editor": editor, **_checked(editor)})


@requires(Permission.STRATEGY_DRAFT)
@require_POST
def check_strategy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """What is wrong with what is being typed, and its picture."""
    editor = forms.Editor(_found(code, version).document, request.POST)
    editor.is_valid()
    return render(request, "cases/_strategy_check.html", _checked(editor))


@requires(Permission.STRATEGY_DRAFT)
@require_POST
def rebase_strategy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Let it rest on what is in force now."""
    found = actions.rebase(version=_found(code, version), by=user_of(request), at=timezone.now())
    messages.success(request, _("%(version)s rests on %(base)s now.") % {"version": found, "base": found.base})
    return back(found)


@requires(Permission.STRATEGY_DRAFT)
@require_POST
def discard_strategy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Throw it away."""
    found = actions.discard(version=_found(code, version), by=user_of(request), at=timezone.now())
    messages.success(request, _("%(version)s is thrown away.") % {"version": found})
    return redirect("cases:strategies")


@requires(Permission.STRATEGY_DRAFT)
def publish_strategy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Ask for it to be published."""
    return _asked(request, _found(code, version), Why(request.POST or None), queries.PUBLISH)


@requires(Permission.STRATEGY_DRAFT)
def roll_back_strategy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Ask to go back to it."""
    return _asked(request, _found(code, version), forms.RollBack(request.POST or None), queries.ROLL_BACK)


@requires(Permission.STRATEGY_DRAFT)
def simulate_strategy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Ask for a simulation of it."""
    found = _found(code, version)
    last = closing.last_closed_date()
    form = forms.Period(request.POST or None, initial={"first_date": last, "last_date": last})
    if form.is_valid():
        with told(form):
            made = simulating.ask(version=found, by=user_of(request), at=timezone.now(), **form.cleaned_data)
            tasks.wake(made)
            return redirect("cases:simulation", made.reference)
    return render(request, "cases/simulate_strategy.html", {**context_of(request, found), "form": form})


@requires(Permission.STRATEGY_READ)
def simulation(request: HttpRequest, reference: str) -> HttpResponse:
    """What a simulation found beside the version in force; asks for itself again until it is finished."""
    found = get_object_or_404(simulations.simulations(), reference=reference)
    context = {
        "simulation": found,
        "percent": simulations.percent(found),
        "failure": simulations.failure(found),
        "figures": simulations.figures(found),
        "lines": simulations.lines(found),
        "reasons": simulations.reasons(found),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "cases/_simulation.html" if part else "cases/simulation.html", context)


def _found(code: str, version: int) -> StrategyVersion:
    return get_object_or_404(queries.versions(), code=code, version=version)


def _asked(request: HttpRequest, found: StrategyVersion, form: django_forms.Form, action: str) -> HttpResponse:
    if form.is_valid():
        ask: Any = actions.request_publication if action == queries.PUBLISH else actions.request_roll_back
        with told(form):
            asked = ask(version=found, by=user_of(request), at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Request %(reference)s is sent.") % {"reference": asked.reference})
            return back(found)
    context = {**context_of(request, found), "form": form, "is_roll_back": action == queries.ROLL_BACK}
    return render(request, "cases/ask_strategy.html", context)


def _checked(editor: forms.Editor) -> dict[str, Any]:
    """What is wrong with what is shown, and its picture; nothing where it cannot be read or a row was just moved."""
    if editor.is_altered or (editor.head.is_bound and not editor.is_valid()):
        return {"faults": None, "picture": None}
    document = editor.document() if editor.head.is_bound else editor.base
    readable = not strategy_shape.faults(document)
    return {
        "faults": queries.faults(document, timezone.now()),
        "picture": pictures.of(queries.read(document)) if readable else None,
    }
