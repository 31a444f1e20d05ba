"""One customer's account, played from the facts: what the ledger must say, and what is open, met and accrued.

Whatever the order in which facts arrive, they are played in order of their effective dates; so a back-dated repayment,
a reversal or a late charge gives the same account as if it had come in time. Within a day: late fees accrue for the
day on what was open when it began, then bills are issued, refunds and repayments allocated, fees waived; a month's end
posts.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from apps.bills.domain import accrual
from apps.bills.domain.facts import BillFact, Facts, ReceiptFact, WaiverFact
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.schedule import Share
from apps.core.domain.dates import add_months, month_end
from apps.core.domain.money import ZERO, cents

DAY = dt.timedelta(1)


class EntryKey(NamedTuple):
    """What makes an entry one of its kind: never two live entries share a key."""

    date: dt.date
    kind: EntryKind
    component: Component
    bill: int | None
    repayment: int | None = None
    refund: int | None = None
    waiver: int | None = None


@dataclass(slots=True)
class Due:
    """What must be paid by a date, and the date on which money met it."""

    number: int
    due_date: dt.date
    amount: Decimal
    fee: Decimal
    open: Decimal
    met_date: dt.date | None = None


@dataclass(slots=True)
class BillState:
    """A bill while the account is played, and as it stands at the end."""

    fact: BillFact
    open: dict[Component, Decimal]
    shares: list["OpenShare"]  # what money settles, oldest due first
    dues: list[Due]  # what must be paid by when
    accrued: Decimal = ZERO
    posted: Decimal = ZERO
    accrued_through: dt.date | None = None
    settled_date: dt.date | None = None

    @property
    def owed(self) -> Decimal:
        """All components together."""
        return sum(self.open.values(), ZERO)

    @property
    def oldest_due(self) -> dt.date | None:
        """The oldest due date that is not met."""
        return min((due.due_date for due in self.dues if due.open), default=None)


@dataclass(slots=True)
class OpenShare:
    """A share's open principal and fee; `due` is the instalment it stands for, none in statement mode."""

    due_date: dt.date
    number: int
    open: dict[Component, Decimal]
    due: Due | None


@dataclass(slots=True)
class Lot:
    """Money of a receipt that nothing was owed for: it waits for the next bill."""

    receipt: ReceiptFact
    left: Decimal


@dataclass(slots=True)
class Account:
    """The played account: entries by key, bills, and the credit that is left of each receipt."""

    entries: defaultdict[EntryKey, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    bills: dict[int, BillState] = field(default_factory=dict)
    lots: list[Lot] = field(default_factory=list)

    @property
    def credit(self) -> Decimal:
        """Money of the customer's that we hold."""
        return sum((lot.left for lot in self.lots), ZERO)

    @property
    def balance(self) -> Decimal:
        """What is owed on all bills, less the credit."""
        return sum((bill.owed for bill in self.bills.values()), -self.credit)


def play(facts: Facts, *, closed_through: dt.date | None) -> Account:
    """Play the facts in order; late fees are accrued and month-ends posted through the last closed day."""
    account = Account()
    accrues = any(bill.terms.late_fee_daily_rate for bill in facts.bills)
    played: dt.date | None = None
    for date, event in _in_order(facts):
        if accrues and played is not None and closed_through is not None:
            _post_month_ends(account, played, min(date - DAY, closed_through))
        played = date
        match event:
            case BillFact():
                _issue(account, event)
            case ReceiptFact():
                _post_late_fees(account, date)
                _receive(account, event)
            case WaiverFact():
                _post_late_fees(account, date)
                _waive(account, event)
    if accrues and played is not None and closed_through is not None:
        _post_month_ends(account, played, closed_through)
        for bill in account.bills.values():
            _accrue(bill, closed_through)
    return account


type_of_event = BillFact | ReceiptFact | WaiverFact


def _in_order(facts: Facts) -> Iterator[tuple[dt.date, type_of_event]]:
    events: list[tuple[dt.date, int, str, type_of_event]] = [
        *((bill.issued_date, 0, bill.reference, bill) for bill in facts.bills),
        *(
            (receipt.date, 1 if receipt.kind is EntryKind.REFUND else 2, receipt.reference, receipt)
            for receipt in facts.receipts
        ),
        *((waiver.date, 3, waiver.reference, waiver) for waiver in facts.waivers),
    ]
    events.sort(key=lambda event: event[:3])
    return ((date, event) for date, _, _, event in events)


def _issue(account: Account, fact: BillFact) -> None:
    shares = fact.shares or (Share(1, fact.issued_date + dt.timedelta(fact.terms.due_days), fact.principal),)
    dues = (
        []
        if fact.is_statement
        else [
            Due(s.number, s.due_date, s.amount, s.fee, s.amount, None if s.amount else fact.issued_date) for s in shares
        ]
    )
    bill = BillState(
        fact=fact,
        open={
            Component.COST: ZERO,
            Component.LATE_FEE: ZERO,
            Component.INSTALMENT_FEE: fact.instalment_fee,
            Component.PRINCIPAL: fact.principal,
        },
        shares=[
            OpenShare(
                share.due_date,
                share.number,
                {Component.INSTALMENT_FEE: share.fee, Component.PRINCIPAL: share.amount - share.fee},
                None if fact.is_statement else dues[index],
            )
            for index, share in enumerate(shares)
        ],
        dues=dues,
    )
    account.bills[fact.key] = bill
    for component in (Component.PRINCIPAL, Component.INSTALMENT_FEE):
        if bill.open[component]:
            key = EntryKey(fact.issued_date, EntryKind.CHARGE, component, fact.key)
            account.entries[key] += bill.open[component]
    _take_credit(account, bill)
    if fact.is_statement:
        _require_minimum(account, bill)
    if not bill.owed:
        bill.settled_date = fact.issued_date


def _require_minimum(account: Account, bill: BillState) -> None:
    """Demand the minimum of the balance beside what earlier statements still demand, never more than is owed."""
    balance = account.balance
    demanded = sum((due.open for due in _statement_dues(account)), ZERO)
    minimum = min(cents(balance * bill.fact.terms.minimum_rate), balance - demanded)
    if minimum > 0:
        due_date = bill.fact.issued_date + dt.timedelta(bill.fact.terms.due_days)
        bill.dues.append(Due(1, due_date, minimum, ZERO, minimum))


def _statement_dues(account: Account) -> list[Due]:
    return sorted(
        (due for bill in account.bills.values() if bill.fact.is_statement for due in bill.dues if due.open),
        key=lambda due: due.due_date,
    )


def _take_credit(account: Account, bill: BillState) -> None:
    """Let the new bill take the credit balance, the oldest money first."""
    for lot in account.lots:
        if not bill.owed:
            break
        before = lot.left
        lot.left = _settle(account, lot.receipt, lot.left, bill.fact.issued_date, [bill])
        if before != lot.left:
            account.entries[_credit_key(lot.receipt, bill.fact.issued_date)] += before - lot.left
    account.lots = [lot for lot in account.lots if lot.left]


def _receive(account: Account, receipt: ReceiptFact) -> None:
    bills = [bill for bill in account.bills.values() if not bill.settled_date]
    rest = receipt.amount
    if receipt.bill is not None:
        rest = _settle(account, receipt, rest, receipt.date, [b for b in bills if b.fact.key == receipt.bill])
    rest = _settle(account, receipt, rest, receipt.date, bills)
    if rest:
        account.lots.append(Lot(receipt, rest))
        account.entries[_credit_key(receipt, receipt.date)] -= rest


def _settle(account: Account, receipt: ReceiptFact, amount: Decimal, date: dt.date, bills: list[BillState]) -> Decimal:
    """Settle what is open, the oldest due first and by each contract's waterfall; the money that is left comes back."""
    for bill, share in _open_shares(bills):
        if not amount:
            break
        for component in bill.fact.terms.waterfall:
            source = share.open if share is not None and component in share.open else bill.open
            if component in (Component.PRINCIPAL, Component.INSTALMENT_FEE) and share is None:
                continue
            paid = min(amount, source[component])
            if not paid:
                continue
            amount -= paid
            bill.open[component] -= paid
            if share is not None and source is share.open:
                share.open[component] -= paid
                _meet(account, share, paid, date)
            account.entries[_payment_key(receipt, date, component, bill.fact.key)] -= paid
        if not bill.owed:
            bill.settled_date = date
    return amount


def _open_shares(bills: list[BillState]) -> list[tuple[BillState, OpenShare | None]]:
    """Every open share, the oldest due first; a bill of which only fees are open comes with none."""
    found: list[tuple[dt.date, dt.date, str, int, BillState, OpenShare | None]] = []
    for bill in bills:
        issued, reference = bill.fact.issued_date, bill.fact.reference
        opened = [share for share in bill.shares if any(share.open.values())]
        found += [(share.due_date, issued, reference, share.number, bill, share) for share in opened]
        if not opened and bill.owed:
            found.append((bill.shares[0].due_date, issued, reference, 0, bill, None))
    found.sort(key=lambda item: item[:4])
    return [(bill, share) for *_, bill, share in found]


def _meet(account: Account, share: OpenShare, paid: Decimal, date: dt.date) -> None:
    """Lower what must be paid by when: the share's own instalment, or the oldest minimum of the statements."""
    for due in [share.due] if share.due is not None else _statement_dues(account):
        part = min(paid, due.open)
        due.open -= part
        paid -= part
        if not due.open:
            due.met_date = date
        if not paid:
            break


def _waive(account: Account, waiver: WaiverFact) -> None:
    bill = account.bills[waiver.bill]
    waived = min(waiver.amount, bill.open[Component.LATE_FEE])
    if waived:
        bill.open[Component.LATE_FEE] -= waived
        key = EntryKey(waiver.date, EntryKind.WAIVER, Component.LATE_FEE, waiver.bill, waiver=waiver.key)
        account.entries[key] -= waived
        if not bill.owed:
            bill.settled_date = waiver.date


def _accrue(bill: BillState, through: dt.date) -> None:
    """Accrue every late day that is not accrued yet, the last one included."""
    oldest = bill.oldest_due
    if oldest is None or not bill.fact.terms.late_fee_daily_rate:
        return
    since = max(oldest, bill.accrued_through or oldest)
    days = (through - since).days
    if days > 0:
        base = bill.open[Component.PRINCIPAL] + bill.open[Component.INSTALMENT_FEE]
        bill.accrued += days * accrual.daily(base, bill.fact.terms)
        bill.accrued_through = through


def _post_late_fees(account: Account, date: dt.date) -> None:
    """Accrue through the day and charge what has come to whole cents."""
    for bill in account.bills.values():
        _accrue(bill, date)
        charge = cents(bill.accrued) - bill.posted
        if charge:
            bill.posted += charge
            bill.open[Component.LATE_FEE] += charge
            account.entries[EntryKey(date, EntryKind.CHARGE, Component.LATE_FEE, bill.fact.key)] += charge


def _post_month_ends(account: Account, after: dt.date, through: dt.date) -> None:
    """Charge at every month's end from one day to another, both included."""
    end = month_end(after)
    while end <= through:
        _post_late_fees(account, end)
        end = month_end(add_months(end.replace(day=1), 1))


def _payment_key(receipt: ReceiptFact, date: dt.date, component: Component, bill: int) -> EntryKey:
    if receipt.kind is EntryKind.REFUND:
        return EntryKey(date, EntryKind.REFUND, component, bill, refund=receipt.key)
    return EntryKey(date, EntryKind.PAYMENT, component, bill, repayment=receipt.key)


def _credit_key(receipt: ReceiptFact, date: dt.date) -> EntryKey:
    if receipt.kind is EntryKind.REFUND:
        return EntryKey(date, EntryKind.REFUND, Component.CREDIT, None, refund=receipt.key)
    return EntryKey(date, EntryKind.PAYMENT, Component.CREDIT, None, repayment=receipt.key)
