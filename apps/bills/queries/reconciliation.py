"""Does what is kept equal what is booked?"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from apps.bills.models import Bill, Repayment
from apps.core import sql


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where what is kept beside the ledger is not what the ledger says."""

    what: str
    reference: str
    part: str
    kept: Decimal
    booked: Decimal


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How much was compared, and every difference."""

    bills: int
    repayments: int
    differences: tuple[Difference, ...]


def reconcile() -> Reconciliation:
    """Compare the whole book in SQL, to the cent."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local enable_nestloop = off")  # a book that was just filled has no statistics to plan by
        cursor.execute(sql.load("bills", "reconcile"))
        differences = tuple(Difference(*row) for row in cursor.fetchall())
        cursor.execute("set local enable_nestloop = on")
    return Reconciliation(Bill.objects.count(), Repayment.objects.count(), differences)
