"""Settling a bill before its time: the fees of periods that have not begun fall where the contract says so."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from apps.bills.domain import allocation
from apps.bills.domain.facts import ReceiptFact
from apps.bills.domain.kinds import Component, EarlySettlement, EntryKind
from apps.bills.domain.state import Account, BillState, EntryKey, OpenShare
from apps.core.domain.money import ZERO


@dataclass(frozen=True, slots=True)
class Quote:
    """What settles a bill on a day: what is owed on it, what of that falls, and what must be paid."""

    date: dt.date
    owed: Decimal
    saving: Decimal
    overdrawn: Decimal  # made good before anything else

    @property
    def amount(self) -> Decimal:
        """What must be paid."""
        return self.owed - self.saving + self.overdrawn


def quote(account: Account, bill: BillState, date: dt.date) -> Quote:
    """What settles the bill on the day; the account is played and its late fees are charged through it."""
    return Quote(date, bill.owed, _saving(bill, date), account.overdrawn)


def drop_fees(account: Account, receipt: ReceiptFact, money: Decimal) -> None:
    """Let the fees of periods that have not begun fall, if the money then covers the whole designated bill."""
    bill = account.bills.get(receipt.bill) if receipt.bill is not None else None
    if bill is None or bill.settled_date or money < bill.owed - _saving(bill, receipt.date):
        return
    for share in _not_begun(bill, receipt.date):
        fee = share.open[Component.INSTALMENT_FEE]
        if fee:
            share.open[Component.INSTALMENT_FEE] = ZERO
            bill.open[Component.INSTALMENT_FEE] -= fee
            allocation.meet(account, share, fee, receipt.date)
            key = EntryKey(receipt.date, EntryKind.CHARGE, Component.INSTALMENT_FEE, bill.fact.key, receipt.cause)
            account.entries[key] -= fee


def _saving(bill: BillState, date: dt.date) -> Decimal:
    return sum((share.open[Component.INSTALMENT_FEE] for share in _not_begun(bill, date)), ZERO)


def _not_begun(bill: BillState, date: dt.date) -> list[OpenShare]:
    """The shares whose period has not begun: it begins on the day after the share before is due."""
    if bill.demands or bill.fact.terms.early_settlement is not EarlySettlement.BEGUN_PERIODS:
        return []
    shares = sorted(bill.shares, key=lambda share: (share.due_date, share.number))
    return [share for before, share in zip(shares, shares[1:], strict=False) if date <= before.due_date]
