"""How the work is spread: over people, and over the queues that nobody has taken from yet."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from apps.access.models import User
from apps.cases.domain.status import CaseStatus, TaskStatus
from apps.cases.models import Case, Contact, Task
from apps.cases.queries import workspace
from apps.core.domain.money import ZERO
from apps.customers.queries import walls


@dataclass(frozen=True, slots=True)
class Load:
    """What lies with one person, or with nobody in one queue (`name` is then the queue's)."""

    name: str
    owner: int | None
    cases: int
    overdue: Decimal
    tasks_open: int
    tasks_done: int
    contacts: int
    promises: int


def people(day: dt.date, user: User) -> list[Load]:
    """Everybody who may work on cases: what they have open that the user may see, and what they did on the day."""
    opened = walls.seen(Case.objects.filter(status=CaseStatus.OPEN), user)
    cases = _by("owner", opened, cases=Count("pk"), overdue=Sum("overdue_amount"))
    tasks = _by("owner", _open_tasks(user), count=Count("pk"))
    contacts = _by(
        "recorded_by",
        walls.seen(Contact.objects.filter(contacted_date=day), user, "case__customer"),
        count=Count("pk"),
        promises=Count("promise"),
        done=Count("task", filter=Q(task__status=TaskStatus.DONE), distinct=True),
    )
    return [
        Load(
            name=person.name,
            owner=person.pk,
            cases=cases.get(person.pk, {}).get("cases", 0),
            overdue=cases.get(person.pk, {}).get("overdue") or ZERO,
            tasks_open=tasks.get(person.pk, {}).get("count", 0),
            tasks_done=contacts.get(person.pk, {}).get("done", 0),
            contacts=contacts.get(person.pk, {}).get("count", 0),
            promises=contacts.get(person.pk, {}).get("promises", 0),
        )
        for person in workspace.assignees()
    ]


def queues(user: User) -> list[Load]:
    """What lies in each queue and belongs to nobody, as far as the user may see it."""
    free = walls.seen(Case.objects.filter(status=CaseStatus.OPEN, owner=None), user)
    cases = _by("queue", free, cases=Count("pk"), overdue=Sum("overdue_amount"))
    tasks = _by("queue", _open_tasks(user).filter(owner=None), count=Count("pk"))
    return [
        Load(
            name=queue,
            owner=None,
            cases=cases.get(queue, {}).get("cases", 0),
            overdue=cases.get(queue, {}).get("overdue") or ZERO,
            tasks_open=tasks.get(queue, {}).get("count", 0),
            tasks_done=0,
            contacts=0,
            promises=0,
        )
        for queue in sorted({*cases, *tasks}, key=str)
    ]


def _open_tasks(user: User) -> QuerySet[Task]:
    return walls.seen(Task.objects.filter(status=TaskStatus.OPEN), user, "case__customer")


def _by(field: str, found: QuerySet[Any], **counted: Any) -> dict[Any, dict[str, Any]]:
    """What was counted, by whose or in which it is."""
    return {row.pop(field): row for row in found.order_by().values(field).annotate(**counted)}
