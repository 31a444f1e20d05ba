"""What is forgiven at the end of an arrangement: fees first, then what falls due last, up to the amount approved."""

from decimal import Decimal

from apps.bills.domain.facts import WaiverFact
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.state import Account, BillState, EntryKey
from apps.core.domain.money import ZERO

OF_THE_BILL = (Component.COST, Component.LATE_FEE, Component.INTEREST)
OF_ITS_SHARES = (Component.INSTALMENT_FEE, Component.PRINCIPAL)


def forgive(account: Account, bill: BillState, waiver: WaiverFact) -> None:
    """Take what is open out of the bill, never more than was approved; nothing of it is demanded any more."""
    if not bill.owed:
        return  # it is settled, or written off
    left = waiver.amount
    for component in OF_THE_BILL:
        left -= _waive(account, bill, waiver, component, min(left, bill.open[component]))
    for share in reversed(bill.shares):
        for component in OF_ITS_SHARES:
            taken = _waive(account, bill, waiver, component, min(left, share.open[component]))
            share.open[component] -= taken
            left -= taken
            due = share.due
            if due is not None and taken:
                due.open -= min(taken, due.open)
                if not due.open and due.met_date is None:
                    due.met_date = waiver.date
    if not bill.owed:
        bill.settled_date = waiver.date


def _waive(account: Account, bill: BillState, waiver: WaiverFact, component: Component, amount: Decimal) -> Decimal:
    if amount <= 0:
        return ZERO
    bill.open[component] -= amount
    account.entries[EntryKey(waiver.date, EntryKind.WAIVER, component, waiver.bill, waiver.cause)] -= amount
    return amount
