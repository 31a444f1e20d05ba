"""Holds: who may see them, which are in force, what they stop and whom."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from apps.access.domain.permissions import Permission
from apps.access.models import User
from apps.access.queries import people
from apps.bills.queries import pauses
from apps.cases.domain import holds as rules
from apps.cases.domain.holds import Days, HoldKind, HoldStatus, Placer, Stop
from apps.cases.domain.status import CaseStatus, PromiseStatus, TaskStatus
from apps.cases.models import Case, Hold, Promise, StrategyStep, Task
from apps.closing import queries as closing
from apps.customers.models import Customer
from apps.customers.queries import walls
from apps.outreach.domain.rules import Standstill

DAY = dt.timedelta(1)
VERSION = 1  # of the table of kinds, as the gate's decisions keep it


def visible_to(user: User) -> QuerySet[Hold]:
    """The holds that somebody may see, those that are over too."""
    return walls.seen(Hold.objects.select_related("customer", "case"), user)


def standing(day: dt.date, stop: Stop | None = None) -> QuerySet[Hold]:
    """The holds in force on a day, of all kinds or of those that stop something."""
    found = Hold.objects.filter(_covers(day), status=HoldStatus.IN_FORCE)
    return found if stop is None else found.filter(kind__in=rules.stopping(stop))


def of(customer: Customer, day: dt.date, stop: Stop | None = None) -> QuerySet[Hold]:
    """The customer's holds in force on a day, the first placed first."""
    return standing(day, stop).filter(customer=customer).order_by("start_date", "pk")


def held(cases: QuerySet[Case], day: dt.date, stop: Stop | None = None) -> QuerySet[Case]:
    """Those of the cases whose customer is in a hold on a day."""
    return cases.filter(Exists(standing(day, stop).filter(customer=OuterRef("customer"))))


def free(cases: QuerySet[Case], day: dt.date, stop: Stop | None = None) -> QuerySet[Case]:
    """Those of the cases whose customer is in no hold on a day."""
    return cases.exclude(Exists(standing(day, stop).filter(customer=OuterRef("customer"))))


def overlapping(customer: Customer, kind: HoldKind, start: dt.date, end: dt.date | None) -> Hold | None:
    """The customer's hold of a kind that has a day in common with these days."""
    before = Q() if end is None else Q(start_date__lt=end)
    same = Hold.objects.filter(before, Q(end_date=None) | Q(end_date__gt=start), customer=customer, kind=kind)
    return same.order_by("start_date").first()


def paused(customer: Customer) -> list[Days]:
    """The days on which the customer's account stands still, for whatever reason."""
    return [Days(one.start_date, one.end_date) for one in pauses.standing().filter(customer=customer)]


def may(user: User, placer: Placer) -> bool:
    """Whether somebody may do to a hold what only these do."""
    return placer is not Placer.SYSTEM and people.holds(user, Permission(placer.value))


def placeable(user: User) -> list[HoldKind]:
    """The kinds of hold that somebody may place."""
    return [kind for kind, terms in rules.KINDS.items() if may(user, terms.placed_by)]


def orphans(user: User, day: dt.date) -> QuerySet[Case]:
    """The open cases without a next step on a day: no task, no hold, no open promise and no later stage to come."""
    waiting = Task.objects.filter(case=OuterRef("pk"), status__in=[TaskStatus.OPEN, TaskStatus.HELD])
    promised = Promise.objects.filter(case=OuterRef("pk"), status=PromiseStatus.OPEN)
    now = StrategyStep.objects.filter(version=OuterRef("version"), code=OuterRef(OuterRef("stage")))
    later = StrategyStep.objects.filter(
        version=OuterRef("strategy"), stage=F("code"), position__gt=Subquery(now.values("position")[:1])
    )
    cases = walls.seen(Case.objects.filter(status=CaseStatus.OPEN).select_related("customer"), user)
    return free(cases.exclude(Exists(waiting)).exclude(Exists(promised)).exclude(Exists(later)), day)


def rules_for(customers: Collection[int], when: dt.datetime) -> Mapping[int, tuple[Standstill, ...]]:
    """What the gate asks beside its own rules: the holds of these customers that stop contacts at a moment."""
    found: defaultdict[int, list[Standstill]] = defaultdict(list)
    rows = standing(closing.business_date_at(when), Stop.CONTACTS).filter(customer__in=customers).order_by("pk")
    for customer, kind, end in rows.values_list("customer", "kind", "end_date"):
        found[customer].append(Standstill(f"hold-{kind}", VERSION, end))
    return {customer: tuple(stops) for customer, stops in found.items()}


def stopped(when: dt.datetime) -> list[int]:
    """Everybody (by key) whom a hold lets nobody contact at a moment."""
    rows = standing(closing.business_date_at(when), Stop.CONTACTS)
    return list(rows.order_by().values_list("customer", flat=True).distinct())


def _covers(day: dt.date) -> Q:
    return Q(start_date__lte=day) & (Q(end_date=None) | Q(end_date__gt=day))
