"""The conduct gate: its decisions, its rules and the texts that pass it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.core import queries as core
from apps.outreach import filters
from apps.outreach.queries import decisions as queries
from apps.outreach.queries import rules as published_rules
from apps.outreach.queries import templates as published_templates


@requires(Permission.OUTREACH_READ)
def decisions(request: HttpRequest) -> HttpResponse:
    """What the gate said, newest first."""
    found = filters.Decisions(request.GET, queries.visible_to(user_of(request)))
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    return render(request, "outreach/decisions.html", {"filter": found, "page": page, "decisions": page.rows})


@requires(Permission.OUTREACH_READ)
def rules(request: HttpRequest) -> HttpResponse:
    """Every version of every conduct rule, with its source."""
    return render(request, "outreach/rules.html", {"rules": published_rules.published()})


@requires(Permission.OUTREACH_READ)
def templates(request: HttpRequest) -> HttpResponse:
    """Every version of every text."""
    return render(request, "outreach/templates.html", {"templates": published_templates.published()})
