"""The closes: the list of days, and one day step by step."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.access.domain.permissions import Permission
from apps.access.guard import requires
from apps.closing import queries
from apps.core import queries as core


@requires(Permission.CLOSE_READ)
def days(request: HttpRequest) -> HttpResponse:
    """Every day that was closed or is being closed, the latest first."""
    after, before = core.key(request.GET.get("after")), core.key(request.GET.get("before"))
    page = core.page(queries.days(), after=after, before=before)
    return render(request, "closing/days.html", {"page": page, "steps": queries.parts_of_a_day()})


@requires(Permission.CLOSE_READ)
def day(request: HttpRequest, date: dt.date) -> HttpResponse:
    """One day: what each step wrote and how long it took."""
    found = get_object_or_404(queries.days(), date=date)
    return render(request, "closing/day.html", {"day": found, "result": queries.result_of(found)})
