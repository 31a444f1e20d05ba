"""Do the statements say what the ledger says?"""

from dataclasses import dataclass
from decimal import Decimal

from apps.bills.queries.facts import rows
from apps.core import sql


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A statement, the balance it states, and what the ledger says was owed at the end of its day."""

    reference: str
    stated: Decimal
    owed: Decimal


def discrepancies() -> list[Discrepancy]:
    """The statements whose balance is not the ledger's."""
    return [Discrepancy(*row) for row in rows(sql.load("bills", "statement_differences"))]
