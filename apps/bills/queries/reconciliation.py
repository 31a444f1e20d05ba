"""Does what is kept equal what is booked?"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from apps.bills.models import Repayment
from apps.core import sql

# A book that was just filled has no statistics to plan by; passes over everything are shared out and kept in memory.
SETTINGS = {"enable_nestloop": "off", "work_mem": "256MB", "parallel_setup_cost": "0", "parallel_tuple_cost": "0"}


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
        cursor.execute(sql.load("bills", "reconcile_products"))
        products = tuple(Total(*row) for row in cursor.fetchall())
        for setting in SETTINGS:
            cursor.execute(f"reset {setting}")
    bills = sum(product.bills for product in products)
    return Reconciliation(bills, Repayment.objects.count(), products, differences)
