"""How the work is spread, for whoever assigns it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.cases.queries import team as queries
from apps.closing import queries as closing


@requires(Permission.CASE_ASSIGN)
def team(request: HttpRequest) -> HttpResponse:
    """What everybody has open and did today, and what lies in the queues."""
    day = closing.business_date_at(timezone.now())
    user = user_of(request)
    people, queues = queries.people(day, user), queries.queues(user)
    return render(request, "cases/team.html", {"people": people, "queues": queues, "day": day})
