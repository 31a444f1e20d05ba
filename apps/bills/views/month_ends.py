"""Month-ends: what was open in which class, and the bills behind it as a file."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.audit.actions import exports
from apps.bills.queries import month_ends as queries


@requires(Permission.BILL_READ)
def month_ends(request: HttpRequest, date: dt.date | None = None) -> HttpResponse:
    """What was open at a month's end by bucket, class and stage; the last that is kept unless told."""
    user = user_of(request)
    kept = queries.kept(user)
    if date is not None and date not in kept:
        raise Http404
    shown = date or next(iter(kept), None)
    context = {"kept": kept, "shown": shown, "books": queries.books(shown, user) if shown else []}
    return render(request, "bills/month_ends.html", context)


@requires(Permission.BILL_READ)
def month_end_bills(request: HttpRequest, date: dt.date) -> StreamingHttpResponse:
    """Every bill that was open at a month's end as CSV; the download is kept in the trail."""
    user, now = user_of(request), timezone.now()
    if date not in queries.kept(user):
        raise Http404
    found = queries.snapshots_visible_to(user).filter(month_end_date=date)
    export = exports.begin(
        what="bills.billsnapshot", filters={"month_end_date": str(date)}, columns=list(queries.HEADER), by=user, at=now
    )
    pieces = exports.stream(export=export, chunks=queries.pieces(found), by=user, at=now)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bills-{date}.csv"'
    return response
