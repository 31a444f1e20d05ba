"""Who works here, and which role may what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.access.domain.permissions import Permission
from apps.access.filters import Staff
from apps.access.guard import requires
from apps.access.queries import people, wording
from apps.core import queries


@requires(Permission.STAFF_READ)
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody with their roles."""
    chosen = Staff(request.GET, people.staff(), request=request)
    after, before = queries.key(request.GET.get("after")), queries.key(request.GET.get("before"))
    page = queries.page(chosen.qs, after=after, before=before)
    return render(request, "access/staff.html", {"filter": chosen, "page": page})


@requires(Permission.STAFF_READ)
def roles(request: HttpRequest) -> HttpResponse:
    """Which role may what, and which roles may not meet in one person."""
    found = list(people.roles())
    lines = [(wording.permission(word), [word.value in role.permissions for role in found]) for word in Permission]
    context = {"roles": found, "lines": lines, "pairs": people.incompatible_pairs()}
    return render(request, "access/roles.html", context)
