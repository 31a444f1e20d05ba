"""Month-ends: which are kept, what was open in which bucket and class, and bills one by one."""

import codecs
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet

from apps.access.models import User
from apps.audit.queries.files import csv_lines
from apps.bills.domain.aging import FiveClass
from apps.bills.domain.kinds import Bucket
from apps.bills.models import Bill, BillSnapshot, ClassRollUp, MonthRollUp
from apps.core.domain.money import ZERO
from apps.customers.queries import walls

RULES = ("class_2023", "class_card", "stage")
FIELDS = {
    "month_end_date": "month_end_date",
    "bill": "bill__reference",
    "customer": "customer__reference",
    "product": "bill__terms__product__code",
    **{name: name for name in ("days_past_due", "bucket", "previous_bucket", *RULES, "open_principal", "open_fees")},
}
HEADER, COLUMNS = tuple(FIELDS), tuple(FIELDS.values())
PIECE = 2_000  # bills exported at once
ORDER = {"bucket": tuple(Bucket), "class_2023": tuple(FiveClass), "class_card": tuple(FiveClass), "stage": (1, 2, 3)}


@dataclass(frozen=True, slots=True)
class Total:
    """How many bills, and what was open on them."""

    bills: int = 0
    principal: Decimal = ZERO
    fees: Decimal = ZERO
    share: Decimal = ZERO  # of what was open on all of them, in per cent to one decimal

    @property
    def open(self) -> Decimal:
        """Principal and fees together."""
        return self.principal + self.fees

    def plus(self, row: ClassRollUp) -> "Total":
        """This and one row more."""
        return Total(self.bills + row.bills, self.principal + row.open_principal, self.fees + row.open_fees)


@dataclass(frozen=True, slots=True)
class Book:
    """What was open of one currency at a month's end, as a whole and by bucket, by each rule's class and by stage."""

    currency: str
    whole: Total
    by: Mapping[str, Mapping[str | int, Total]]


def snapshots_visible_to(user: User) -> QuerySet[BillSnapshot]:
    """The bills at month-ends that somebody may see."""
    return walls.seen(BillSnapshot.objects.select_related("bill__terms__product", "customer"), user)


def of_bill(bill: Bill) -> QuerySet[BillSnapshot]:
    """The month-ends of a bill, the last first."""
    return BillSnapshot.objects.filter(bill=bill).order_by("-month_end_date")


def classes(user: User) -> QuerySet[ClassRollUp]:
    """The roll-ups that somebody may see by product, bucket and class, the last month's end first."""
    found = walls.totals(ClassRollUp.objects.select_related("product"), user)
    return found.order_by("-month_end_date", "product__code", "pk")


def moves(user: User) -> QuerySet[MonthRollUp]:
    """The roll-ups that somebody may see by product and move between buckets, the last month's end first."""
    found = walls.totals(MonthRollUp.objects.select_related("product"), user)
    return found.order_by("-month_end_date", "product__code", "pk")


def kept(user: User) -> list[dt.date]:
    """The month-ends of which something is kept that the user may see, the last first."""
    dates = (
        walls.totals(ClassRollUp.objects.all(), user)
        .order_by("-month_end_date")
        .values_list("month_end_date", flat=True)
    )
    return list(dates.distinct())


def books(end: dt.date, user: User) -> list[Book]:
    """What was open at a month's end, as far as the user may see it, by currency."""
    rows: defaultdict[str, list[ClassRollUp]] = defaultdict(list)
    for row in classes(user).filter(month_end_date=end):
        rows[row.product.currency].append(row)
    return [_book(currency, of_it) for currency, of_it in sorted(rows.items())]


def pieces(found: QuerySet[BillSnapshot]) -> Iterator[tuple[bytes, int]]:
    """The bills as the pieces of a CSV file, each with the number of its rows."""
    yield codecs.BOM_UTF8 + csv_lines([HEADER]), 0
    rows = found.order_by("pk").values_list(*COLUMNS).iterator(PIECE)
    while piece := list(islice(rows, PIECE)):
        yield csv_lines(piece), len(piece)


def _book(currency: str, rows: Iterable[ClassRollUp]) -> Book:
    by: dict[str, defaultdict[str | int, Total]] = {name: defaultdict(Total) for name in ORDER}
    whole = Total()
    for row in rows:
        whole = whole.plus(row)
        for name, totals in by.items():
            totals[getattr(row, name)] = totals[getattr(row, name)].plus(row)
    return Book(
        currency,
        _shared(whole, whole),
        {
            name: {value: _shared(totals[value], whole) for value in ORDER[name] if value in totals}
            for name, totals in by.items()
        },
    )


def _shared(total: Total, whole: Total) -> Total:
    return replace(total, share=round(100 * total.open / whole.open, 1) if whole.open else ZERO)
