"""The worklist, and taking the next piece of work from it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.cases import filters
from apps.cases.actions import tasks
from apps.cases.queries import worklist as queries
from apps.closing import queries as closing


@requires(Permission.WORKLIST_READ)
def worklist(request: HttpRequest) -> HttpResponse:
    """Open cases in the order in which they are worth a contact; at first those of the reader's own queue."""
    user = user_of(request)
    chosen = request.GET or {"queue": queries.queue_of(user)}
    found = filters.Worklist(chosen, queries.open_cases(user), request=request)
    as_of = closing.last_closed_date()
    after, before = queries.key(request.GET.get("after")), queries.key(request.GET.get("before"))
    page = queries.page(found.qs, as_of, after=after, before=before)
    context = {"filter": found, "page": page, "as_of": as_of, "queue": chosen.get("queue", "")}
    return render(request, "cases/worklist.html", context)


@requires(Permission.CASE_WORK)
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Give the reader the next open task of a queue, and open its case."""
    user = user_of(request)
    queue = request.POST.get("queue") or queries.queue_of(user)
    task = tasks.take_next(queue=queue, by=user, at=timezone.now()) if queue else None
    if task is None:
        messages.info(request, _("No task is waiting in this queue.") if queue else _("Choose a queue first."))
        return redirect("cases:worklist")
    return redirect("cases:case", task.case.reference)
