"""Cases that nobody and nothing will ever move: the report in which there is to be none."""

import datetime as dt

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from apps.access.models import User
from apps.cases.domain.status import CaseStatus, PromiseStatus, TaskStatus
from apps.cases.models import Case, Promise, StrategyStep, Task
from apps.cases.queries import holds
from apps.customers.queries import walls


def of(user: User, day: dt.date) -> QuerySet[Case]:
    """The open cases without a next step on a day: no task, no hold, no open promise and no later stage to come."""
    waiting = Task.objects.filter(case=OuterRef("pk"), status__in=[TaskStatus.OPEN, TaskStatus.HELD])
    promised = Promise.objects.filter(case=OuterRef("pk"), status=PromiseStatus.OPEN)
    now = StrategyStep.objects.filter(version=OuterRef("version"), code=OuterRef(OuterRef("stage")))
    later = StrategyStep.objects.filter(
        version=OuterRef("strategy"), stage=F("code"), position__gt=Subquery(now.values("position")[:1])
    )
    cases = walls.seen(Case.objects.filter(status=CaseStatus.OPEN).select_related("customer"), user)
    return holds.free(cases.exclude(Exists(waiting)).exclude(Exists(promised)).exclude(Exists(later)), day)
