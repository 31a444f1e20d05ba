"""What was accepted about a customer: the facts from which the ledger follows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from itertools import chain
from typing import ClassVar, NamedTuple

from apps.bills.domain.kinds import CauseKind, EntryKind, Mode, RestructuringKind
from apps.bills.domain.pauses import Span
from apps.bills.domain.schedule import Share
from apps.bills.domain.terms import Terms
from apps.core.domain.money import ZERO


class Cause(NamedTuple):
    """The fact that made an entry be booked."""

    kind: CauseKind
    key: int


@dataclass(frozen=True, slots=True)
class BillFact:
    """A bill as issued; in statement mode `shares` is empty, since what must be paid depends on the balance."""

    rank: ClassVar[int] = 0

    key: int
    reference: str
    issued_date: dt.date
    terms: Terms
    principal: Decimal
    instalment_fee: Decimal = ZERO
    shares: tuple[Share, ...] = ()

    @property
    def date(self) -> dt.date:
        """The day on which it counts."""
        return self.issued_date

    @property
    def is_statement(self) -> bool:
        """Whether it bills a month."""
        return self.terms.mode is Mode.STATEMENT


class Line(NamedTuple):
    """What of a purchase was billed at once: principal, and the instalment fee on it."""

    bill: int
    principal: Decimal
    fee: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Returned:
    """The purchase that a refund gives back: where it was billed, in order, and what of it no bill names."""

    purchase: int
    lines: tuple[Line, ...] = ()
    unbilled: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ReceiptFact:
    """Money received that stands: a repayment or a refund.

    `bill` is the one that the payer designated, `settles` says that the payer wants it settled early.
    """

    key: int
    reference: str
    kind: EntryKind  # PAYMENT or REFUND
    date: dt.date
    amount: Decimal
    bill: int | None = None
    settles: bool = False
    returned: Returned | None = None

    @property
    def first(self) -> frozenset[int]:
        """The bills that it is meant for before any other."""
        if self.returned is not None:
            return frozenset(line.bill for line in self.returned.lines)
        return frozenset() if self.bill is None else frozenset((self.bill,))

    @property
    def rank(self) -> int:
        """Refunds come before repayments."""
        return 1 if self.kind is EntryKind.REFUND else 2

    @property
    def cause(self) -> Cause:
        """What its entries name as their cause."""
        return Cause(CauseKind.REFUND if self.kind is EntryKind.REFUND else CauseKind.REPAYMENT, self.key)


@dataclass(frozen=True, slots=True)
class WaiverFact:
    """A late fee given up, or, where it `forgives`, whatever is open on the bill up to the amount."""

    rank: ClassVar[int] = 3

    key: int
    reference: str
    date: dt.date
    amount: Decimal
    bill: int
    forgives: bool = False

    @property
    def cause(self) -> Cause:
        """What its entries name as their cause."""
        return Cause(CauseKind.WAIVER, self.key)


@dataclass(frozen=True, slots=True)
class PayoutFact:
    """A credit balance paid back to the customer."""

    rank: ClassVar[int] = 4

    key: int
    reference: str
    date: dt.date
    amount: Decimal

    @property
    def cause(self) -> Cause:
        """What its entries name as their cause."""
        return Cause(CauseKind.PAYOUT, self.key)


@dataclass(frozen=True, slots=True)
class RestructuringFact:
    """An agreement that what is open falls due anew; without a `bill` it concerns all that are open."""

    rank: ClassVar[int] = 5

    key: int
    reference: str
    date: dt.date
    kind: RestructuringKind
    first_due_date: dt.date  # nothing that it touches falls due before
    bill: int | None = None
    instalments: int = 1
    shift_days: int = 0
    shift_months: int = 0
    monthly_fee_rate: Decimal = ZERO  # flat, on the open principal

    @property
    def cause(self) -> Cause:
        """What its entries name as their cause."""
        return Cause(CauseKind.RESTRUCTURING, self.key)


@dataclass(frozen=True, slots=True)
class WriteOffFact:
    """A bill given up: whatever is open on it by the end of the day."""

    rank: ClassVar[int] = 6

    key: int
    reference: str
    date: dt.date
    bill: int

    @property
    def cause(self) -> Cause:
        """What its entries name as their cause."""
        return Cause(CauseKind.WRITE_OFF, self.key)


Fact = BillFact | ReceiptFact | WaiverFact | PayoutFact | RestructuringFact | WriteOffFact


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything accepted about one customer; pauses are no events, they say which days count."""

    bills: tuple[BillFact, ...] = ()
    receipts: tuple[ReceiptFact, ...] = ()
    waivers: tuple[WaiverFact, ...] = ()
    restructurings: tuple[RestructuringFact, ...] = ()
    write_offs: tuple[WriteOffFact, ...] = ()
    pauses: tuple[Span, ...] = ()
    payouts: tuple[PayoutFact, ...] = ()

    def in_order(self) -> Sequence[Fact]:
        """The facts as they are played: by day, within a day by their kind's rank, within a kind by reference."""
        facts: chain[Fact] = chain(
            self.bills, self.receipts, self.waivers, self.payouts, self.restructurings, self.write_offs
        )
        return sorted(facts, key=lambda fact: (fact.date, fact.rank, fact.reference))

    def until(self, date: dt.date) -> "Facts":
        """Those that count by the end of a day; what has no day of its own stays."""
        kept = {
            kind.name: tuple(fact for fact in getattr(self, kind.name) if getattr(fact, "date", date) <= date)
            for kind in fields(self)
        }
        return replace(self, **kept)
