"""The strategies: every version, one as table and picture, two compared, and what a request is about."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.access.queries import approvals, people
from apps.cases.domain.status import VersionStatus
from apps.cases.models import StrategyVersion
from apps.cases.queries import pictures, simulations, strategy_wording
from apps.cases.queries import strategies as queries

SHOWN = 10


@requires(Permission.STRATEGY_READ)
def strategies(request: HttpRequest) -> HttpResponse:
    """Every version of every strategy."""
    context = {
        "versions": queries.versions(),
        "running": queries.in_force(),
        "simulations": simulations.simulations()[:SHOWN],
    }
    return render(request, "cases/strategies.html", context)


@requires(Permission.STRATEGY_READ)
def strategy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version: its steps as a table and along the days, what is wrong with it, and what may be done."""
    found = get_object_or_404(queries.versions(), code=code, version=version)
    return render(request, "cases/strategy.html", context_of(request, found))


@requires(Permission.STRATEGY_READ)
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions: what was added, removed and changed, step by step and field by field."""
    after = queries.named(request.GET.get("to", "")) or queries.in_force()
    before = queries.named(request.GET.get("from", "")) or (after.base if after else None)
    changes = queries.compare(before, after.document) if before and after else []
    context = {
        "versions": [str(version) for version in queries.versions()],
        "before": before,
        "after": after,
        "changes": [(change, strategy_wording.change(change)) for change in changes],
    }
    return render(request, "cases/compare_strategies.html", context)


@requires(Permission.APPROVAL_READ)
def strategy_request(request: HttpRequest, reference: str) -> HttpResponse:
    """What a request would put in force, beside what is in force now."""
    asked = get_object_or_404(
        approvals.visible_to(user_of(request)), reference=reference, action__in=(queries.PUBLISH, queries.ROLL_BACK)
    )
    version = queries.named(asked.payload["version"])
    running = queries.in_force()
    assert version is not None
    context = {
        "asked": asked,
        "version": version,
        "running": running,
        "rules": queries.rules_of(version),
        "picture": pictures.of(queries.rules_of(version)),
        "changes": [(c, strategy_wording.change(c)) for c in queries.compare(running, version.document)],
        "simulations": simulations.of_version(version)[:SHOWN],
    }
    return render(request, "cases/strategy_request.html", context)


def context_of(request: HttpRequest, found: StrategyVersion) -> dict[str, Any]:
    """What the page of a version shows."""
    user = user_of(request)
    rules = queries.rules_of(found)
    running = queries.in_force()
    drafts = people.holds(user, Permission.STRATEGY_DRAFT)
    is_draft = found.status == VersionStatus.DRAFT
    return {
        "version": found,
        "rules": rules,
        "steps": [(step, rules.arms_of(step)) for step in rules.steps],
        "picture": pictures.of(rules),
        "running": running,
        "faults": queries.faults(found.document, timezone.now()) if is_draft else [],
        "is_stale": is_draft and found.base != running,
        "may_draft": drafts,
        "may_edit": drafts and is_draft,
        "may_go_back": drafts and found.status == VersionStatus.RETIRED,
        "requests": queries.asked_for(found, user)[:SHOWN],
        "simulations": simulations.of_version(found)[:SHOWN],
    }


def back(found: StrategyVersion) -> HttpResponse:
    """To the page of a version."""
    return redirect("cases:strategy", found.code, found.version)
