"""The state of one customer's account while it is played: entries by key, bills, dues and credit."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from apps.bills.domain.facts import BillFact, Cause, ReceiptFact
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.pauses import Span
from apps.core.domain.money import ZERO, cents


class EntryKey(NamedTuple):
    """What makes an entry one of its kind: never two live entries share a key."""

    date: dt.date
    kind: EntryKind
    component: Component
    bill: int | None
    cause: Cause | None = None


@dataclass(slots=True)
class Due:
    """What must be paid by a date, and the date on which money met it."""

    number: int
    due_date: dt.date
    amount: Decimal
    fee: Decimal
    open: Decimal
    met_date: dt.date | None = None
    restructuring: int | None = None  # the agreement that made it
    replaced_by: int | None = None  # the agreement that let it fall due anew


@dataclass(slots=True)
class OpenShare:
    """A share's open principal and fee; `due` is the instalment it stands for, none in statement mode."""

    due_date: dt.date
    number: int
    open: dict[Component, Decimal]
    due: Due | None


@dataclass(slots=True)
class BillState:
    """A bill while the account is played, and as it stands at the end."""

    fact: BillFact
    open: dict[Component, Decimal]
    shares: list[OpenShare]  # what money settles, oldest due first
    dues: list[Due]  # what must be paid by when
    accrued: Decimal = ZERO
    posted: Decimal = ZERO
    interest_accrued: Decimal = ZERO
    interest_posted: Decimal = ZERO
    accrued_through: dt.date | None = None
    settled_date: dt.date | None = None
    written_off: dict[Component, Decimal] = field(default_factory=dict)  # what went out and has not come back
    write_off: Cause | None = None
    written_off_date: dt.date | None = None
    restructured: int | None = None  # the last agreement under which it falls due
    planned: bool = False  # of a statement: it falls due by a plan of its own, not by the statements' minimums

    @property
    def demands(self) -> bool:
        """Whether what must be paid of it are the minimums of statements."""
        return self.fact.is_statement and not self.planned

    @property
    def owed(self) -> Decimal:
        """All components together."""
        return sum(self.open.values(), ZERO)

    @property
    def waiting(self) -> Decimal:
        """The late fee and interest that have accrued and are not charged yet, to the cent."""
        return cents(self.accrued) - self.posted + cents(self.interest_accrued) - self.interest_posted

    def late_dues(self, on: dt.date, *, as_it_began: bool = False) -> list[Due]:
        """What is not met although its grace is over, on a day as it stands or as it began."""
        graced = on - dt.timedelta(self.fact.terms.grace_days)
        opened = (due for due in self.dues if due.open or (as_it_began and due.met_date == on))
        return [due for due in opened if due.due_date < graced]

    def oldest_late(self, on: dt.date, *, as_it_began: bool = False) -> dt.date | None:
        """The oldest due date that is not met and whose grace is over: the bill is past due since then."""
        return min((due.due_date for due in self.late_dues(on, as_it_began=as_it_began)), default=None)


@dataclass(slots=True)
class Lot:
    """Money of a receipt that nothing was owed for: it waits for the next bill."""

    receipt: ReceiptFact
    left: Decimal


@dataclass(slots=True)
class Account:
    """The played account: entries by key, bills, the credit that is left of each receipt, and what refunds gave back.

    `overdrawn` is what was paid out beyond the credit, as later facts know it; the next money fills it first.
    """

    entries: defaultdict[EntryKey, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    bills: dict[int, BillState] = field(default_factory=dict)
    lots: list[Lot] = field(default_factory=list)
    pauses: tuple[Span, ...] = ()
    overdrawn: Decimal = ZERO
    unbilled: dict[int, Decimal] = field(default_factory=dict)  # by refund: what of it no bill will ask for
    returned: defaultdict[tuple[int, int | None], Decimal] = field(  # by purchase and bill, none for what is not billed
        default_factory=lambda: defaultdict(lambda: ZERO)
    )

    @property
    def credit(self) -> Decimal:
        """Money of the customer's that we hold; below zero where more was paid out than there was."""
        return sum((lot.left for lot in self.lots), -self.overdrawn)

    @property
    def balance(self) -> Decimal:
        """What is owed on all bills, less the credit."""
        return sum((bill.owed for bill in self.bills.values()), -self.credit)
