"""The worklist: the cases that wait for somebody, the most worth a contact first, page by page without counting."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.access.models import User
from apps.access.queries import people
from apps.cases.domain import priority, queues
from apps.cases.domain.status import CaseStatus, TaskStatus
from apps.cases.models import Case, Task
from apps.cases.queries import cases
from apps.closing import queries as closing

Key = tuple[int, int]  # priority and key of the last row of a page
LARGEST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A case with the task that waits; `expected_share` of what is overdue is what makes its priority."""

    case: Case
    days_past_due: int
    task: Task | None
    expected_share: Decimal


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next page begins; none after the last."""

    rows: list[Row]
    next: Key | None


def queues_of(user: User) -> tuple[str, ...]:
    """The queues that the user's roles work, their own first."""
    return queues.of_roles(people.roles_of(user))


def page(
    user: User,
    *,
    business_date: dt.date,
    queue: str = "",
    mine: bool = False,
    stage: str = "",
    search: str = "",
    after: Key | None = None,
    limit: int = 50,
) -> Page:
    """A page of the open cases with an open task that is due, of one queue (the user's first) or of the user's own."""
    found = _waiting(user, business_date, queue, mine)
    if stage:
        found = found.filter(stage=stage)
    if search:
        found = found.filter(Q(customer__reference=search) | Q(reference=search) | Q(customer__name__icontains=search))
    if after:
        found = found.filter(priority__lte=after[0]).exclude(priority=after[0], id__gte=after[1])
    limit = min(limit, LARGEST)
    chosen = list(found.order_by("-priority", "-id")[: limit + 1])
    rows = _rows(chosen[:limit])
    last = rows[-1].case if len(chosen) > limit else None
    return Page(rows, (last.priority, last.pk) if last else None)


def _waiting(user: User, business_date: dt.date, queue: str, mine: bool) -> QuerySet[Case]:
    due = Task.objects.filter(case=OuterRef("pk"), status=TaskStatus.OPEN, due_date__lte=business_date)
    found = cases.visible_to(user).filter(status=CaseStatus.OPEN)
    if mine:
        return found.filter(owner=user).filter(Exists(due))
    queue = queue or next(iter(queues_of(user)), "")
    return found.filter(queue=queue).filter(Exists(due.filter(queue=queue)))


def _rows(chosen: Iterable[Case]) -> list[Row]:
    last = closing.last_closed_date()
    tasks: dict[int, Task] = {}
    for task in Task.objects.filter(case__in=chosen, status=TaskStatus.OPEN).order_by("-due_date", "-id"):
        tasks[task.case_id] = task  # the oldest is left
    rows = []
    for case in chosen:
        days = max((last - case.oldest_due_date).days, 0) if last else 0
        rows.append(Row(case, days, tasks.get(case.pk), priority.expected_share(days)))
    return rows
