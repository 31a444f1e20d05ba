"""Who takes cases, and the cases that wait for somebody to take them."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from apps.access.models import User
from apps.bills.models import Bill
from apps.cases.domain.assignment import Agent, Left, Plan, Work
from apps.cases.domain.status import CaseStatus, StepKind
from apps.cases.models import Case, RosterEntry, StrategyStep
from apps.cases.queries import workspace
from apps.core.domain.money import ZERO
from apps.customers.models import Placement
from apps.customers.queries import walls

NOTHING = (0, ZERO)
MOST = 1_000  # cases in one plan: the first of them in the order of priority


def entries() -> QuerySet[RosterEntry]:
    """Who is on the roster, by name."""
    return RosterEntry.objects.select_related("user").order_by("user__name", "pk")


def queues() -> list[str]:
    """The queues whose cases an agent works; reviews go to queues that nobody owns a case of."""
    steps = StrategyStep.objects.filter(kind=StepKind.TASK).exclude(queue="")
    return list(steps.order_by("queue").values_list("queue", flat=True).distinct())


def candidates() -> QuerySet[User]:
    """Whoever may work on cases and is not on the roster."""
    return workspace.assignees().filter(roster_entry=None)


def agents(today: dt.date) -> list[tuple[User, Agent]]:
    """Who may be given cases today, with what they have."""
    here = Q(away_until_date=None) | Q(away_until_date__lte=today)
    working = {user.pk: user for user in workspace.assignees()}
    found = {entry.user_id: entry for entry in entries().filter(here) if entry.user_id in working}
    loads = _loads(_open().filter(owner__in=found))
    return [
        (
            working[key],
            Agent(
                key,
                entry.capacity,
                *loads.get(key, NOTHING),
                frozenset(entry.queues),
                frozenset(entry.languages),
                frozenset(entry.products),
            ),
        )
        for key, entry in found.items()
    ]


def waiting(user: User | None = None) -> QuerySet[Case]:
    """The open cases of an agents' queue that belong to nobody, as far as somebody sees them, the most worth first."""
    found = _open().filter(owner=None, queue__in=queues())
    return (walls.seen(found, user) if user else found).order_by("-priority", "pk")


def takable(found: QuerySet[Case], people: Sequence[tuple[User, Agent]]) -> QuerySet[Case]:
    """Those of the cases that somebody with room could take by queue, language and placement."""
    return found.filter(_by_anybody(people))


def stuck(found: QuerySet[Case], people: Sequence[tuple[User, Agent]]) -> QuerySet[Case]:
    """Those of the cases that nobody could take so."""
    return found.exclude(_by_anybody(people))


def _by_anybody(people: Sequence[tuple[User, Agent]]) -> Q:
    """Whether one of these could take a case; who works alike asks once."""
    standing = Placement.objects.filter(customer=OuterRef("customer"), recalled_at=None)
    able = Q(pk__in=[])
    for agency, queues, languages in {(u.agency_id, a.queues, a.languages) for u, a in people if a.room}:
        placed = Exists(standing.filter(agency=agency)) if agency else ~Exists(standing)
        speaks = Q(pk__in=[])
        for language in languages:
            speaks |= Q(customer__language__istartswith=language)
        able |= Q(speaks, placed, queue__in=queues)
    return able


def works(found: QuerySet[Case]) -> list[Work]:
    """The first of these cases as the assignment looks at them."""
    oldest = Bill.objects.filter(customer=OuterRef("customer"), settled_date=None, written_off_date=None)
    before = Case.objects.filter(customer=OuterRef("customer"), status=CaseStatus.CLOSED).exclude(owner=None)
    rows = found.annotate(
        language=F("customer__language"),
        product=Subquery(oldest.order_by("issued_date", "pk").values("terms__product__code")[:1]),
        last_owner=Subquery(before.order_by("-pk").values("owner")[:1]),
    ).values_list("pk", "queue", "language", "product", "overdue_amount", "priority", "last_owner")[:MOST]
    return [
        Work(key, queue, language, product or "", amount, priority, last)
        for key, queue, language, product, amount, priority, last in rows
    ]


def within(works: Sequence[Work], people: Sequence[User]) -> set[tuple[int, int]]:
    """Pairs of case and person that no wall parts; nobody is beside a case of their own account.

    What is placed with an agency is for its people alone.
    """
    pairs: set[tuple[int, int]] = set()
    standing = Placement.objects.filter(customer=OuterRef("customer"), recalled_at=None)
    asked = Case.objects.filter(pk__in=[work.key for work in works])
    for user in people:
        placed = Exists(standing.filter(agency=user.agency_id)) if user.agency_id else ~Exists(standing)
        seen = walls.seen(asked, user).filter(placed)
        if user.customer_reference:
            seen = seen.exclude(customer__reference=user.customer_reference)
        pairs |= {(key, user.pk) for key in seen.values_list("pk", flat=True)}
    return pairs


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody has and what a plan adds to it."""

    entry: RosterEntry
    is_here: bool
    cases: int
    amount: Decimal
    more_cases: int
    more_amount: Decimal

    @property
    def percent(self) -> int:
        """How full they are after the plan, of 100."""
        return min(100 * (self.cases + self.more_cases) // max(self.entry.capacity, 1), 100)


def shares(people: Sequence[tuple[User, Agent]], works: Sequence[Work], plan: Plan) -> list[Share]:
    """Everybody on the roster with what they have and what the plan gives them."""
    amounts, counts = dict[int, Decimal](), Counter(plan.given.values())
    for work in works:
        if (owner := plan.given.get(work.key)) is not None:
            amounts[owner] = amounts.get(owner, ZERO) + work.amount
    here = {agent.key: agent for _, agent in people}
    away = _open().filter(owner__roster_entry__isnull=False).exclude(owner__in=here)
    loads = _loads(away)
    found = []
    for entry in entries():
        key, agent = entry.user_id, here.get(entry.user_id)
        cases, amount = (agent.cases, agent.amount) if agent else loads.get(key, NOTHING)
        found.append(Share(entry, agent is not None, cases, amount, counts[key], amounts.get(key, ZERO)))
    return found


def reasons(works: Sequence[Work], plan: Plan) -> list[tuple[str, Left, int]]:
    """How many cases of each queue stay there, and why."""
    counts = Counter((work.queue, plan.left[work.key]) for work in works if work.key in plan.left)
    return [(queue, reason, count) for (queue, reason), count in sorted(counts.items())]


def _loads(found: QuerySet[Case]) -> dict[int, tuple[int, Decimal]]:
    """How many cases each owner has, and how much is overdue in them."""
    rows = found.values_list("owner").annotate(Count("pk"), Sum("overdue_amount"))
    return {owner: (cases, amount) for owner, cases, amount in rows}


def _open() -> QuerySet[Case]:
    return Case.objects.filter(status=CaseStatus.OPEN).order_by()
