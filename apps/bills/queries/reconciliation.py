"""Does what is kept equal what is booked?"""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from apps.bills.domain.kinds import Component
from apps.bills.models import Repayment
from apps.core import sql

# A book that was just filled has no statistics to plan by. Each check is one worker's, in memory: there are
# nearly as many groups as entries, so that workers who shared a check would all group.
GROUPING = {
    "enable_nestloop": "off",
    "work_mem": "256MB",
    "parallel_tuple_cost": "0",
    "min_parallel_table_scan_size": "1TB",
    "min_parallel_index_scan_size": "1TB",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where what is kept beside the ledger is not what the ledger says."""

    what: str
    reference: str
    part: str
    kept: Decimal
    booked: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """A product's bills: what was billed, what is kept open, and what the ledger says is open."""

    product: str
    currency: str
    bills: int
    billed: Decimal
    kept: Decimal
    booked: Decimal


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How much was compared, the totals of each product, and every difference."""

    bills: int
    repayments: int
    products: tuple[Total, ...]
    differences: tuple[Difference, ...]


def reconcile() -> Reconciliation:
    """Compare the whole book in SQL, to the cent; what differs is looked for only where the book is not whole."""
    with transaction.atomic(), connection.cursor() as cursor:
        found = () if is_whole() else differences()
        cursor.execute(sql.load("bills", "reconcile_products"), _off(found))
        products = tuple(Total(*row) for row in cursor.fetchall())
    bills = sum(product.bills for product in products)
    return Reconciliation(bills, Repayment.objects.count(), products, found)


def is_whole() -> bool:
    """Whether all that is kept weighs as much as the ledger, under weights that nobody could know before."""
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", "weigh"), {"seed": secrets.randbits(60)})
        ((weight, is_faulty),) = cursor.fetchall()
    return weight == 0 and not is_faulty


def differences() -> tuple[Difference, ...]:
    """Every place where what is kept is not what is booked, found by adding up the ledger by each of its keys."""
    with transaction.atomic(), connection.cursor() as cursor:
        for setting, value in GROUPING.items():
            cursor.execute("select set_config(%s, %s, true)", [setting, value])
        cursor.execute(sql.load("bills", "reconcile"))
        found = tuple(Difference(*row) for row in cursor.fetchall())
        for setting in GROUPING:
            cursor.execute(f"reset {setting}")
    return found


def _off(differences: Iterable[Difference]) -> dict[str, list[Any]]:
    """What of which bill is kept open beyond what the ledger says."""
    off: defaultdict[str, Decimal] = defaultdict(Decimal)
    for difference in differences:
        if difference.what == "bill" and difference.part in set(Component):
            off[difference.reference] += difference.kept - difference.booked
    return {"bills": list(off), "amounts": list(off.values())}
