"""Does what is kept equal what is booked?"""

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
SETTINGS = {
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
    """Compare the whole book in SQL, to the cent, as of one moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        for setting, value in SETTINGS.items():
            cursor.execute("select set_config(%s, %s, true)", [setting, value])
        cursor.execute(sql.load("bills", "reconcile"))
        differences = tuple(Difference(*row) for row in cursor.fetchall())
        cursor.execute(sql.load("bills", "reconcile_products"), _off(differences))
        products = tuple(Total(*row) for row in cursor.fetchall())
        for setting in SETTINGS:
            cursor.execute(f"reset {setting}")
    bills = sum(product.bills for product in products)
    return Reconciliation(bills, Repayment.objects.count(), products, differences)


def _off(differences: Iterable[Difference]) -> dict[str, list[Any]]:
    """What of which bill is kept open beyond what the ledger says."""
    off: defaultdict[str, Decimal] = defaultdict(Decimal)
    for difference in differences:
        if difference.what == "bill" and difference.part in set(Component):
            off[difference.reference] += difference.kept - difference.booked
    return {"bills": list(off), "amounts": list(off.values())}
