"""Cases that nobody and nothing will ever move: the report in which there is to be none."""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.access.models import User
from apps.cases.domain.status import TO_DO, CaseStatus, PromiseStatus
from apps.cases.models import Case, Promise, StrategyStep, Task
from apps.cases.queries import holds
from apps.customers.queries import walls


def of(user: User, day: dt.date) -> QuerySet[Case]:
    """The open cases without a next step on a day: no task, no hold, no open promise and no later stage to come."""
    waiting = Task.objects.filter(case=OuterRef("pk"), status__in=TO_DO)
    promised = Promise.objects.filter(case=OuterRef("pk"), status=PromiseStatus.OPEN)
    last = Q(pk__in=[])
    stages = StrategyStep.objects.filter(stage=F("code")).order_by("version", "-position").distinct("version")
    for version, stage in stages.values_list("version", "code"):
        last |= Q(strategy=version, stage=stage)
    cases = walls.seen(Case.objects.filter(last, status=CaseStatus.OPEN).select_related("customer"), user)
    return holds.free(cases.exclude(Exists(waiting)).exclude(Exists(promised)), day)
