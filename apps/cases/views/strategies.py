"""The strategies: what is done with a customer at how many days past due."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.access.domain.permissions import Permission
from apps.access.guard import requires
from apps.cases.queries import pictures
from apps.cases.queries import strategies as queries


@requires(Permission.STRATEGY_READ)
def strategies(request: HttpRequest) -> HttpResponse:
    """Every version of every strategy."""
    return render(request, "cases/strategies.html", {"versions": queries.versions()})


@requires(Permission.STRATEGY_READ)
def strategy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version: its steps as a table and along the days."""
    found = get_object_or_404(queries.versions(), code=code, version=version)
    rules = queries.rules_of(found)
    return render(request, "cases/strategy.html", {"version": found, "rules": rules, "picture": pictures.of(rules)})
