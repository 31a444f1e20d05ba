"""Bills, and what has become of each part of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.access.models import User
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.pauses import Span, late_since
from apps.bills.models import Bill, LedgerEntry
from apps.bills.queries import observations, pauses, people
from apps.bills.queries.people import Lateness
from apps.core.domain.money import ZERO
from apps.customers.models import Customer
from apps.customers.queries import walls

COMPONENTS = tuple(component for component in reversed(Component) if component is not Component.CREDIT)


def visible_to(user: User) -> QuerySet[Bill]:
    """The bills that somebody may see, with their customer and product and what is owed on them."""
    owed = F("open_principal") + F("open_instalment_fee") + F("open_late_fee") + F("open_interest") + F("open_cost")
    found = Bill.objects.select_related("customer", "terms__product").annotate(owed=owed)
    return walls.seen(found, user)


def aged(bills: QuerySet[Bill], as_of: dt.date | None) -> QuerySet[Bill]:
    """Bills with the oldest due date that was not met on the day."""
    if as_of is None:
        return bills.annotate(oldest_due_date=Min("instalments__due_date", filter=Q(pk=None)))
    met_later = Q(instalments__met_date=None) | Q(instalments__met_date__gt=as_of)
    late = people.due_before(as_of, "instalments__") & met_later
    return bills.annotate(oldest_due_date=Min("instalments__due_date", filter=late))


def with_lateness(bills: Iterable[Bill], as_of: dt.date | None) -> list[tuple[Bill, Lateness]]:
    """Bills that were `aged` with how late each was on the day, paused days counting for nothing, and its classes."""
    found = list(bills)
    paused = pauses.of({bill.customer_id for bill in found})
    held = observations.of_bills([bill.pk for bill in found if not bill.settled_date], as_of) if as_of else {}
    return [
        (bill, observations.held(_lateness(bill, paused.get(bill.customer_id, ()), as_of), held.get(bill.pk)))
        for bill in found
    ]


def _lateness(bill: Bill, paused: Sequence[Span], as_of: dt.date | None) -> Lateness:
    oldest: dt.date | None = bill.oldest_due_date  # type: ignore[attr-defined]
    return people.lateness(oldest, late_since(oldest, paused, as_of) if as_of else None, as_of)


FEES_OPEN = Q(open_late_fee__gt=0) | Q(open_cost__gt=0) | Q(open_interest__gt=0)


def owed_on(bill: Bill) -> Decimal:
    """All that is open on the bill."""
    opened = (bill.open_principal, bill.open_instalment_fee, bill.open_late_fee, bill.open_cost, bill.open_interest)
    return sum(opened, ZERO)


def open_of(customer: Customer) -> QuerySet[Bill]:
    """The customer's bills that are not settled, the oldest first."""
    return Bill.objects.filter(customer=customer, settled_date=None).order_by("issued_date", "pk")


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a bill: what each kind of entry came to, and what is open."""

    component: Component
    amounts: tuple[Decimal, ...]
    open: Decimal


@dataclass(frozen=True, slots=True)
class Parts:
    """What became of a bill: the kinds of entry that it has, its components, and the sum of each column."""

    kinds: tuple[EntryKind, ...]
    rows: tuple[Part, ...]
    totals: tuple[Decimal, ...]


def parts(bill: Bill) -> Parts:
    """Every component that was ever charged, as the ledger tells it; a reversal counts against what it reverses.

    What was charged counts with its sign, what lowered it against its sign.
    """
    entries = LedgerEntry.objects.filter(bill=bill).values_list("component", Coalesce("reverses__kind", "kind"))
    booked: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for component, kind, amount in entries.annotate(sum=Sum("amount")).order_by():
        booked[component][kind] += amount
    kinds = tuple(kind for kind in EntryKind if any(kinds[kind] for kinds in booked.values()))
    rows = tuple(
        Part(
            component=component,
            amounts=tuple(_came_to(k, booked[component][k]) for k in kinds),
            open=sum(booked[component].values(), ZERO),
        )
        for component in COMPONENTS
        if component in booked
    )
    return Parts(kinds, rows, tuple(sum(column, ZERO) for column in zip(*(row.amounts for row in rows), strict=True)))


def _came_to(kind: EntryKind, amount: Decimal) -> Decimal:
    return amount if kind is EntryKind.CHARGE else ZERO - amount
