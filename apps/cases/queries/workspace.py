"""Everything about one case that its page shows."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.access.domain.permissions import Permission
from apps.access.models import User
from apps.bills.models import Bill, Repayment
from apps.bills.queries import bills, receipts
from apps.bills.queries.people import Lateness
from apps.cases.domain.status import StepKind, TaskStatus
from apps.cases.domain.strategy import Step
from apps.cases.models import Case, Promise, Task
from apps.cases.queries import cases, strategies
from apps.customers.domain.contact import Channel
from apps.customers.models import ContactPoint
from apps.outreach.queries import gate

RECENT = 5


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether the customer may be contacted on a channel now; if not, why not and when."""

    channel: Channel
    is_allowed: bool
    sentences: tuple[str, ...]
    next_allowed_at: dt.datetime | None
    point: str  # masked


@dataclass(frozen=True, slots=True)
class Next:
    """What the strategy does next: the step, the day past due and the date on which that is."""

    step: Step
    day: int
    date: dt.date

    @property
    def makes_task(self) -> bool:
        """Whether a person acts, rather than the system."""
        return self.step.kind is not StepKind.MESSAGE


def reach(case: Case, when: dt.datetime) -> list[Reach]:
    """The gate's answer for every channel, as of now; nothing is written."""
    points = {point.pk: point for point in ContactPoint.objects.filter(customer=case.customer)}
    found = []
    for channel in Channel:
        answer = gate.explain(case.customer, channel, when)
        point = points.get(answer.point or 0)
        shown = str(point.value) if point else ""
        found.append(Reach(channel, answer.is_allowed, answer.sentences, answer.next_allowed_at, shown))
    return found


def upcoming(case: Case, after: dt.date | None, limit: int = 3) -> list[Next]:
    """What the strategy has for this case after a day, the soonest first, as long as nothing is paid."""
    if after is None:
        return []
    since = cases.late_since(case) + dt.timedelta(case.held_days)  # days in a hold count towards no stage
    late = (after - since).days
    plan = [
        Next(step, day, since + dt.timedelta(day))
        for step in strategies.rules_of(case.strategy).steps
        for day in (step.days or (step.from_day,))
        if day > max(late, 0)
    ]
    return sorted(plan, key=lambda one: (one.day, one.step.position))[:limit]


def owed(case: Case, user: User, as_of: dt.date | None) -> list[tuple[Bill, Lateness]]:
    """The customer's open bills, the oldest first, with how late each is."""
    found = bills.aged(bills.visible_to(user), as_of).filter(
        customer=case.customer, settled_date=None, written_off_date=None
    )
    return bills.with_lateness(found.order_by("issued_date", "pk"), as_of)


def paid(case: Case, user: User) -> QuerySet[Repayment]:
    """The customer's last repayments."""
    return receipts.visible_to(user).filter(customer=case.customer).order_by("-received_date", "-pk")[:RECENT]


def promises(case: Case) -> QuerySet[Promise]:
    """The promises of this case, the last first."""
    return case.promises.select_related("contact__recorded_by").order_by("-pk")


def tasks(case: Case) -> QuerySet[Task]:
    """The open tasks of this case and those that a hold put aside, the first due first."""
    return (
        case.tasks.filter(status__in=[TaskStatus.OPEN, TaskStatus.HELD])
        .select_related("owner")
        .order_by("due_date", "pk")
    )


def assignees() -> QuerySet[User]:
    """Whoever may work on cases."""
    working = Q(grants__ended_at=None, grants__role__permissions__contains=[Permission.CASE_WORK.value])
    return User.objects.filter(working, is_active=True).distinct().order_by("name")
