"""The ledger, entry by entry, with the balance that each left behind."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.access.models import User
from apps.bills.domain.kinds import CauseKind
from apps.bills.models import LedgerEntry
from apps.core.domain.money import ZERO
from apps.customers.models import Customer
from apps.customers.queries import walls

PAGE = 50
Key = tuple[dt.date, int]


def visible_to(user: User) -> QuerySet[LedgerEntry]:
    """The entries that somebody may see, with the facts that caused them."""
    return walls.seen(LedgerEntry.objects.select_related("customer", "bill", "reverses", *CauseKind), user)


def standing(entries: QuerySet[LedgerEntry], known_at: dt.datetime | None = None) -> QuerySet[LedgerEntry]:
    """The entries that stand: no reversal, and not reversed; as the ledger was booked by a moment, or now."""
    reversals = LedgerEntry.objects.filter(reverses=OuterRef("pk"))
    if known_at is not None:
        entries, reversals = entries.filter(booked_at__lte=known_at), reversals.filter(booked_at__lte=known_at)
    return entries.filter(~Exists(reversals), reverses=None)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry and the customer's balance after it."""

    entry: LedgerEntry
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some lines, the latest first, and the key after which older ones follow."""

    lines: Sequence[Line]
    older: str | None = None
    is_first: bool = True


def sheet(entries: QuerySet[LedgerEntry], customer: Customer, *, after: Key | None = None, size: int = PAGE) -> Sheet:
    """The customer's entries older than the key, with the running balance; two statements, however long the ledger."""
    mine = entries.filter(customer=customer)
    rows = mine if after is None else mine.filter(_before(after))
    found = list(rows.order_by("-effective_date", "-pk")[: size + 1])
    shown, lines = found[:size], []
    if not shown:
        return Sheet((), is_first=after is None)
    balance: Decimal = mine.filter(_before(_key(shown[0])) | Q(pk=shown[0].pk)).aggregate(
        sum=Coalesce(Sum("amount"), ZERO)
    )["sum"]
    for entry in shown:
        lines.append(Line(entry, balance))
        balance -= entry.amount
    last = shown[-1]
    return Sheet(lines, f"{last.effective_date}.{last.pk}" if len(found) > size else None, after is None)


def key(text: str | None) -> Key | None:
    """A key out of an address (`2005-09-30.123`); anything else counts as absent."""
    date, _, number = (text or "").partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    try:
        return dt.date.fromisoformat(date), int(number)
    except ValueError:
        return None


def _key(entry: LedgerEntry) -> Key:
    return entry.effective_date, entry.pk


def _before(key: Key) -> Q:
    date, number = key
    return Q(effective_date__lte=date) & (Q(effective_date__lt=date) | Q(pk__lt=number))
