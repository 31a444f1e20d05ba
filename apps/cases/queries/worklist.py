"""The worklist: open cases, those first of which a contact may be expected to bring most, and why they stand there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from apps.access.models import User
from apps.access.queries import people
from apps.cases.domain import priority
from apps.cases.domain import queues as roles
from apps.cases.domain.holds import HoldStatus
from apps.cases.domain.status import CaseStatus, PromiseStatus, TaskStatus
from apps.cases.models import Case, Contact, Hold, Promise, StrategyStep, Task
from apps.cases.queries import cases
from apps.core import registry
from apps.customers.queries import walls

PAGE = 50
Key = tuple[int, int]


def open_cases(user: User) -> QuerySet[Case]:
    """The open ones, with their open tasks and promises, the holds in force and the last contact."""
    last = Contact.objects.filter(case=OuterRef("pk")).order_by("-pk")
    tasks = Task.objects.filter(status=TaskStatus.OPEN).order_by("due_date", "pk")
    promises = Promise.objects.filter(~Q(status=PromiseStatus.KEPT)).order_by("-pk")
    holds = Hold.objects.filter(status=HoldStatus.IN_FORCE).order_by("pk")
    return (
        cases.visible_to(user)
        .select_related("customer__account", "strategy", "owner")
        .filter(status=CaseStatus.OPEN)
        .annotate(
            last_outcome=Subquery(last.values("outcome")[:1]),
            last_contacted_date=Subquery(last.values("contacted_date")[:1]),
        )
        .prefetch_related(
            Prefetch("tasks", queryset=tasks, to_attr="open_tasks"),
            Prefetch("promises", queryset=promises, to_attr="unkept_promises"),
            Prefetch("customer__holds", queryset=holds, to_attr="standing_holds"),
        )
    )


def tasks(user: User) -> QuerySet[Task]:
    """The tasks of the cases that somebody may see."""
    return walls.seen(Task.objects.select_related("case", "owner"), user, "case__customer")


def contacts(user: User) -> QuerySet[Contact]:
    """The contacts of the cases that somebody may see, each with its promise."""
    found = Contact.objects.select_related("case", "recorded_by", "promise__case")
    return walls.seen(found, user, "case__customer")


def promises(user: User) -> QuerySet[Promise]:
    """The promises of the cases that somebody may see."""
    return walls.seen(Promise.objects.select_related("case"), user, "case__customer")


def queues_of(user: User) -> tuple[str, ...]:
    """The queues that the user's roles work, their own first."""
    return roles.of_roles(people.roles_of(user))


def queue_of(user: User) -> str:
    """The queue in which this user's work lies first, empty where there is none."""
    return next(iter(queues_of(user)), "")


def queues() -> list[str]:
    """Every queue that a strategy names."""
    return list(StrategyStep.objects.exclude(queue="").order_by("queue").values_list("queue", flat=True).distinct())


def stages() -> list[str]:
    """Every stage that a strategy knows, in order of its days."""
    found = StrategyStep.objects.exclude(stage="").order_by("from_day", "position").values_list("stage", flat=True)
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Row:
    """A case with how late it is and why it stands where it stands."""

    case: Case
    days: int
    share: Decimal
    reasons: tuple[tuple[str, str], ...]  # a sentence and its tone

    @property
    def percent(self) -> int:
        """The share of what is overdue that a contact now may be expected to bring, in percent."""
        return int(self.share * 100)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the keys from which the neighbouring pages go on."""

    rows: Sequence[Row]
    older: str | None = None
    newer: str | None = None


def page(
    found: QuerySet[Case],
    as_of: dt.date | None,
    *,
    after: Key | None = None,
    before: Key | None = None,
    size: int = PAGE,
) -> Page:
    """The cases that come after a key, or just before one, or the first."""
    if before is not None:
        read = _first(found.filter(_first_to(before)), size + 1, "priority", "-pk")
        shown = read[:size][::-1]
        return Page(rows(shown, as_of), _key(shown[-1:]), _key(shown[:1]) if len(read) > size else None)
    if after is not None:
        found = found.filter(_last_from(after))
    read = _first(found, size + 1, "-priority", "pk")
    shown = read[:size]
    more = len(read) > size
    return Page(rows(shown, as_of), _key(shown[-1:]) if more else None, _key(shown[:1]) if after else None)


def _first(found: QuerySet[Case], size: int, *order: str) -> list[Case]:
    """The first of them; chosen among the cases alone, before anything is joined to them."""
    chosen = found.order_by(*order).values("pk")[:size]
    return list(found.filter(pk__in=chosen).order_by(*order))


def key(text: str | None) -> Key | None:
    """A key out of an address (`1200.57`); anything else counts as absent."""
    first, _dot, second = (text or "").partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (first, second)):
        return None
    return int(first), int(second)


def _key(rows: Sequence[Case]) -> str | None:
    return f"{rows[0].priority}.{rows[0].pk}" if rows else None


def _last_from(key: Key) -> Q:
    value, number = key
    return Q(priority__lte=value) & (Q(priority__lt=value) | Q(pk__gt=number))


def _first_to(key: Key) -> Q:
    value, number = key
    return Q(priority__gte=value) & (Q(priority__gt=value) | Q(pk__lt=number))


def rows(found: Sequence[Case], as_of: dt.date | None) -> list[Row]:
    """Open cases with the reasons for their order."""
    return [_row(case, (as_of - cases.late_since(case)).days if as_of else 0) for case in found]


def _row(case: Case, days: int) -> Row:
    return Row(case, days, priority.expected_share(days), tuple(_reasons(case)))


def _reasons(case: Case) -> list[tuple[str, str]]:
    holds: list[Hold] = case.customer.standing_holds  # type: ignore[attr-defined]
    kinds = (registry.word("hold_kind", hold.kind).label for hold in holds)
    found = [(_("held: %(kind)s") % {"kind": kind}, "warning") for kind in kinds]
    for task in case.open_tasks:  # type: ignore[attr-defined]
        words = {"step": registry.word("stage", task.step).label, "date": task.due_date}
        text = _("task due %(date)s") if task.step == case.stage else _("%(step)s due %(date)s")
        found.append((text % words, "info"))
    promises: list[Promise] = case.unkept_promises  # type: ignore[attr-defined]
    if promises:
        words = {"amount": f"{promises[0].amount:,.2f}", "date": promises[0].promised_date}
        if promises[0].status == PromiseStatus.OPEN:
            found.append((_("promised %(amount)s by %(date)s") % words, "good"))
        else:
            found.append((_("broken promise %(date)s") % words, "bad"))
    return found
