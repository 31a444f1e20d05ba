"""Repayment files: the list, uploading one, how far it has come, and what of it was refused."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.audit.actions import exports
from apps.bills import guard, tasks
from apps.bills.actions import receipts as actions
from apps.bills.forms.intakes import Upload
from apps.bills.queries import intakes as queries
from apps.closing import queries as closing
from apps.core import queries as core
from apps.core.forms import told

SHOWN = 50


@requires(Permission.INTAKE_RUN)
def intakes(request: HttpRequest) -> HttpResponse:
    """Repayment files, the last received first, and a form for another."""
    user, now = user_of(request), timezone.now()
    form = Upload(request.POST or None, request.FILES or None)
    if form.is_valid():
        with told(form):
            kept = guard.keep(form.cleaned_data["file"], tasks.folder())
            intake = actions.receive(
                path=kept,
                name=form.cleaned_data["file"].name,
                is_whole=form.cleaned_data["is_whole"],
                business_date=closing.business_date_at(now),
                by=user,
                at=now,
            )
            if intake.path != str(kept):
                kept.unlink()
                messages.info(request, _("This very file is being taken already."))
            tasks.wake(intake)
            return redirect("bills:intake", intake.reference)
    page = core.page(
        queries.visible_to(user),
        after=core.key(request.GET.get("after")),
        before=core.key(request.GET.get("before")),
    )
    return render(request, "bills/intakes.html", {"form": form, "page": page})


@requires(Permission.INTAKE_RUN)
def intake(request: HttpRequest, reference: str) -> HttpResponse:
    """One file: how far it has come and what became of its rows."""
    found = get_object_or_404(queries.visible_to(user_of(request)), reference=reference)
    context = {"intake": found, "standing": queries.standing(found), "refusals": queries.named(found, SHOWN)}
    part = request.headers.get("HX-Request") == "true"
    return render(request, "bills/_intake.html" if part else "bills/intake.html", context)


@requires(Permission.INTAKE_RUN)
def intake_refusals(request: HttpRequest, reference: str) -> StreamingHttpResponse:
    """Every refused row as CSV; the download is kept in the trail."""
    found = get_object_or_404(queries.visible_to(user_of(request)), reference=reference)
    user, now = user_of(request), timezone.now()
    export = exports.begin(
        what="bills.intakerefusal",
        filters={"intake": found.reference},
        columns=list(queries.HEADER),
        by=user,
        at=now,
    )
    pieces = exports.stream(export=export, chunks=queries.pieces(found), by=user, at=now)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}-refusals.csv"'
    return response
