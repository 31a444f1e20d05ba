"""Cases: who may see them, and one of them with all that an agent needs."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404

from apps.access.models import User
from apps.access.queries import people
from apps.bills.models import LedgerEntry
from apps.cases.domain.status import PromiseStatus, TaskStatus
from apps.cases.domain.strategy import Step
from apps.cases.models import Case, Promise, Task
from apps.cases.queries import strategies
from apps.closing import queries as closing
from apps.customers.models import Customer

ZERO = Decimal("0.00")
DAY = dt.timedelta(1)


@dataclass(frozen=True)
class Workspace:
    """A case as an agent works on it; amounts are as of now, days past due as of the last close."""

    case: Case
    customer: Customer
    business_date: dt.date
    days_past_due: int
    owed: Decimal
    tasks: list[Task]
    promise: Promise | None
    next_step: tuple[Step, dt.date] | None  # the stage that comes next if nothing is paid, and the day of its close


def visible_to(user: User) -> QuerySet[Case]:
    """The cases that the user may see: never their own account's, and none for an agency that none is placed with."""
    if set(people.roles_of(user)) <= {"agency_agent"}:
        return Case.objects.none()
    visible = Case.objects.select_related("customer", "owner")
    return visible.exclude(customer__reference=user.customer_reference) if user.customer_reference else visible


def business_date(at: dt.datetime) -> dt.date:
    """The day that business is done on at this moment."""
    return closing.business_date(at.astimezone(ZoneInfo(settings.TIME_ZONE)).date())


def owed(customer: int, on: dt.date) -> Decimal:
    """What the customer (by key) owes at the end of a day, less what we hold for them."""
    entries = LedgerEntry.objects.filter(customer=customer, effective_date__lte=on)
    return entries.aggregate(total=Sum("amount"))["total"] or ZERO


def days_past_due(case: Case) -> int:
    """As of the last close; 0 for a case that is closed."""
    last = closing.last_closed_date()
    if last is None or case.closed_date is not None:
        return 0
    return max((last - case.oldest_due_date).days, 0)


def workspace(user: User, reference: str, at: dt.datetime) -> Workspace:
    """One case with its tasks, its open promise and what comes next; 404 for a case that the user may not see."""
    case = get_object_or_404(visible_to(user).select_related("strategy"), reference=reference)
    today = business_date(at)
    return Workspace(
        case=case,
        customer=case.customer,
        business_date=today,
        days_past_due=days_past_due(case),
        owed=owed(case.customer_id, today),
        tasks=list(case.tasks.filter(status=TaskStatus.OPEN).select_related("owner").order_by("due_date", "id")),
        promise=case.promises.filter(status=PromiseStatus.OPEN).first(),
        next_step=_next_step(case),
    )


def _next_step(case: Case) -> tuple[Step, dt.date] | None:
    if case.closed_date is not None:
        return None
    stages = strategies.rules_of(case.strategy).stages
    now = next(number for number, stage in enumerate(stages) if stage.code == case.stage)
    if now + 1 == len(stages):
        return None
    return stages[now + 1], case.oldest_due_date + dt.timedelta(stages[now + 1].from_day)
