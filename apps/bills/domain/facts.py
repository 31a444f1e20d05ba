"""What was accepted about a customer: the facts from which the ledger follows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from apps.bills.domain.kinds import EntryKind, Mode
from apps.bills.domain.schedule import Share
from apps.bills.domain.terms import Terms
from apps.core.domain.money import ZERO


@dataclass(frozen=True, slots=True)
class BillFact:
    """A bill as issued; in statement mode `shares` is empty, since what must be paid depends on the balance."""

    key: int
    reference: str
    issued_date: dt.date
    terms: Terms
    principal: Decimal
    instalment_fee: Decimal = ZERO
    shares: tuple[Share, ...] = ()

    @property
    def is_statement(self) -> bool:
        """Whether it bills a month."""
        return self.terms.mode is Mode.STATEMENT


@dataclass(frozen=True, slots=True)
class ReceiptFact:
    """Money received that stands: a repayment or a refund; `bill` is the one that the payer designated."""

    key: int
    reference: str
    kind: EntryKind  # PAYMENT or REFUND
    date: dt.date
    amount: Decimal
    bill: int | None = None


@dataclass(frozen=True, slots=True)
class WaiverFact:
    """A late fee given up."""

    key: int
    reference: str
    date: dt.date
    amount: Decimal
    bill: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything accepted about one customer."""

    bills: tuple[BillFact, ...] = ()
    receipts: tuple[ReceiptFact, ...] = ()
    waivers: tuple[WaiverFact, ...] = ()
