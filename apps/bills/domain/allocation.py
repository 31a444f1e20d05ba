"""What money settles: the oldest due first, by each contract's waterfall; what is left is the customer's credit."""

import datetime as dt
from decimal import Decimal

from apps.bills.domain import aging, recovery
from apps.bills.domain.facts import ReceiptFact
from apps.bills.domain.kinds import Component
from apps.bills.domain.pauses import late_since
from apps.bills.domain.state import Account, BillState, Due, EntryKey, Lot, OpenShare


def receive(account: Account, receipt: ReceiptFact, rest: Decimal) -> None:
    """Settle what is open with the rest of a receipt, then what was written off; what is left is credit.

    The bills that it is meant for come before the others.
    """
    bills = [bill for bill in account.bills.values() if not bill.settled_date]
    if receipt.first:
        first = [bill for bill in bills if bill.fact.key in receipt.first]
        rest = _settle(account, receipt, rest, receipt.date, first)
        rest = recovery.recover(account, receipt, rest, first)
    rest = _settle(account, receipt, rest, receipt.date, bills)
    rest = recovery.recover(account, receipt, rest, bills)
    if rest:
        account.lots.append(Lot(receipt, rest))
        account.entries[credit_key(receipt, receipt.date)] -= rest


def take_credit(account: Account, bill: BillState) -> None:
    """Let the new bill take the credit balance, the oldest money first."""
    for lot in account.lots:
        if not bill.owed:
            break
        before = lot.left
        lot.left = _settle(account, lot.receipt, lot.left, bill.fact.issued_date, [bill])
        if before != lot.left:
            account.entries[credit_key(lot.receipt, bill.fact.issued_date)] += before - lot.left
    account.lots = [lot for lot in account.lots if lot.left]


def _settle(account: Account, receipt: ReceiptFact, amount: Decimal, date: dt.date, bills: list[BillState]) -> Decimal:
    """Settle what is open, the oldest due first and by each contract's waterfall; the money that is left comes back."""
    if not amount:
        return amount
    for bill, share in _open_shares(bills):
        if not amount:
            break
        for component in _waterfall(account, bill, date):
            source = share.open if share is not None and component in share.open else bill.open
            if component in (Component.PRINCIPAL, Component.INSTALMENT_FEE) and share is None:
                continue
            if bill.restructured and share is not None and source is bill.open:
                continue  # the rest waits until its instalments are settled
            paid = min(amount, source[component])
            if not paid:
                continue
            amount -= paid
            bill.open[component] -= paid
            if share is not None and source is share.open:
                share.open[component] -= paid
            if bill.demands:
                _lower(statement_dues(account), paid, date)
            elif share is not None and source is share.open:
                meet(account, share, paid, date)
            account.entries[_payment_key(receipt, date, component, bill.fact.key)] -= paid
        if not bill.owed:
            bill.settled_date = date
    return amount


def _waterfall(account: Account, bill: BillState, date: dt.date) -> tuple[Component, ...]:
    """The contract's order; principal first where the customer began the day with more days past due than it says."""
    terms = bill.fact.terms
    if terms.principal_first_after_days is None:
        return terms.waterfall
    oldest = min(filter(None, (b.oldest_late(date, as_it_began=True) for b in account.bills.values())), default=None)
    if aging.days_past_due(late_since(oldest, account.pauses, date), date) <= terms.principal_first_after_days:
        return terms.waterfall
    return (Component.PRINCIPAL, *(c for c in terms.waterfall if c is not Component.PRINCIPAL))


def _open_shares(bills: list[BillState]) -> list[tuple[BillState, OpenShare | None]]:
    """Every open share, the oldest due first; what else is open of a bill comes with none, at last."""
    found: list[tuple[dt.date, dt.date, str, int, BillState, OpenShare | None]] = []
    for bill in bills:
        issued, reference = bill.fact.issued_date, bill.fact.reference
        opened = [share for share in bill.shares if any(share.open.values())]
        found += [(share.due_date, issued, reference, share.number, bill, share) for share in opened]
        if bill.owed and (not opened or bill.restructured):
            last = max(opened or bill.shares[:1], key=lambda share: (share.due_date, share.number))
            found.append((last.due_date, issued, reference, last.number + 1, bill, None))
    found.sort(key=lambda item: item[:4])
    return [(bill, share) for *_, bill, share in found]


def meet(account: Account, share: OpenShare, paid: Decimal, date: dt.date) -> None:
    """Lower what must be paid by when: the share's own instalment, or the oldest minimum of the statements."""
    _lower([share.due] if share.due is not None else statement_dues(account), paid, date)


def _lower(dues: list[Due], paid: Decimal, date: dt.date) -> None:
    for due in dues:
        part = min(paid, due.open)
        due.open -= part
        paid -= part
        if not due.open:
            due.met_date = date
        if not paid:
            break


def cap_demands(account: Account, date: dt.date) -> None:
    """Let the statements demand no more than is owed on them, the last of them giving way first."""
    dues = statement_dues(account)
    if not dues:
        return
    owed = sum((bill.owed for bill in account.bills.values() if bill.demands), Decimal(0))
    excess = sum((due.open for due in dues), Decimal(0)) - owed
    if excess > 0:
        _lower(dues[::-1], excess, date)


def statement_dues(account: Account) -> list[Due]:
    """What the statements still demand, the oldest first."""
    return sorted(
        (due for bill in account.bills.values() if bill.demands for due in bill.dues if due.open),
        key=lambda due: due.due_date,
    )


def _payment_key(receipt: ReceiptFact, date: dt.date, component: Component, bill: int) -> EntryKey:
    return EntryKey(date, receipt.kind, component, bill, receipt.cause)


def credit_key(receipt: ReceiptFact, date: dt.date) -> EntryKey:
    """The entry by which money of the receipt becomes credit, or leaves it."""
    return EntryKey(date, receipt.kind, Component.CREDIT, None, receipt.cause)
