"""Exports of the trail: the list, the form for another, how far one is, and its file."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from apps.access import tasks
from apps.access.actions import trail_exports as actions
from apps.access.domain.permissions import Permission
from apps.access.forms import ExportTrail
from apps.access.guard import requires, user_of
from apps.access.queries import people
from apps.access.queries import trail_exports as queries
from apps.audit import filters
from apps.audit.queries.files import Format
from apps.core import queries as core
from apps.core.domain.refusal import Refused


@requires(Permission.AUDIT_READ)
def exports(request: HttpRequest) -> HttpResponse:
    """Who took what of the trail, the last first."""
    page = core.page(
        queries.exports(), after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before"))
    )
    may_export = people.holds(request.user, Permission.AUDIT_EXPORT)
    return render(request, "access/trail_exports.html", {"page": page, "may_export": may_export})


@requires(Permission.AUDIT_EXPORT)
def new(request: HttpRequest) -> HttpResponse:
    """What is to be exported, and why; filled in with what the trail's list was narrowed by."""
    form = ExportTrail(request.POST or None, initial=_initial(request))
    if form.is_valid():
        wish = form.cleaned_data
        period = wish.pop("first_date"), wish.pop("last_date")
        kind = Format(wish.pop("file_format"))
        try:
            filters.selection(wish["filters"])
            made = actions.ask(period=period, kind=kind, **wish, by=user_of(request), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            tasks.wake(made)
            return redirect("access:trail_export", made.reference)
    criteria = filters.criteria()
    narrowed = any(form[name].value() for name in criteria)
    return render(request, "access/new_trail_export.html", {"form": form, "criteria": criteria, "narrowed": narrowed})


@requires(Permission.AUDIT_READ)
def export(request: HttpRequest, reference: str) -> HttpResponse:
    """One export: what was asked for, and how far it is."""
    found = get_object_or_404(queries.exports(), reference=reference)
    context = {
        "export": found,
        "percent": queries.percent(found),
        "chosen": queries.chosen(found),
        "agreement": queries.agreement(found),
        "failure": queries.failure(found),
        "may_take": people.holds(request.user, Permission.AUDIT_EXPORT) and queries.may_take(found, user_of(request)),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "access/_trail_export.html" if part else "access/trail_export.html", context)


@requires(Permission.AUDIT_EXPORT)
def file(request: HttpRequest, reference: str) -> FileResponse:
    """The package; whoever takes it is recorded first."""
    found = get_object_or_404(queries.exports(), reference=reference)
    actions.downloaded(export=found, by=user_of(request), at=timezone.now())
    return FileResponse(queries.path(found).open("rb"), as_attachment=True, filename=f"audit-{found.reference}.zip")


def _initial(request: HttpRequest) -> dict[str, str]:
    """What the trail's list was narrowed by when somebody came here from there."""
    given = {name: str(value) for name, value in request.GET.items() if value}
    names = {"recorded_from": "first_date", "recorded_to": "last_date"}
    return {names.get(name, name): value for name, value in given.items()}
