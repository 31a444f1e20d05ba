"""How much there is to do, for the home page; nobody needs more than a thousand to the unit."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.access.models import User
from apps.cases.domain.status import CaseStatus, PromiseStatus, TaskStatus
from apps.cases.models import Case, Promise, Task
from apps.cases.queries import worklist
from apps.closing import queries as closing
from apps.customers.queries import walls

CAP = 1_000


@dataclass(frozen=True, slots=True)
class Counts:
    """Each is at most `CAP`: shown as “1,000+”."""

    waiting: int  # open tasks that are due in the user's queues
    mine: int  # of these, in the user's own cases
    promises: int  # open promises of the user's cases
    opened: int  # cases opened by the last close


def of(user: User, *, business_date: dt.date) -> Counts:
    """What waits for this user."""
    due = walls.seen(Task.objects.all(), user, "case__customer").filter(
        status=TaskStatus.OPEN, due_date__lte=business_date
    )
    promised = Promise.objects.filter(status=PromiseStatus.OPEN, case__owner=user)
    last = closing.last_closed_date()
    opened = Case.objects.filter(status=CaseStatus.OPEN, opened_date=last) if last else Case.objects.none()
    return Counts(
        waiting=_capped(due.filter(queue__in=worklist.queues_of(user))),
        mine=_capped(due.filter(case__owner=user)),
        promises=_capped(walls.seen(promised, user, "case__customer")),
        opened=_capped(walls.seen(opened, user)),
    )


def _capped(found: QuerySet[Case] | QuerySet[Task] | QuerySet[Promise]) -> int:
    return found.order_by()[:CAP].count()
