"""A refund takes back what was billed of its purchase, the last due first, with the fees of the time to come."""

from decimal import Decimal

from apps.bills.domain import allocation
from apps.bills.domain.facts import Line, ReceiptFact, Returned
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.state import Account, BillState, EntryKey, OpenShare
from apps.core.domain.money import ZERO, cents


def give_back(account: Account, refund: ReceiptFact, returned: Returned, rest: Decimal) -> Decimal:
    """Lower what is not billed yet, then the principal of the purchase's bills; answers what exceeds them."""
    purchase = returned.purchase
    unbilled = min(rest, returned.unbilled - account.returned[purchase, None])
    account.returned[purchase, None] += unbilled
    account.unbilled[refund.key] = unbilled
    rest -= unbilled
    for line in reversed(returned.lines):
        bill = account.bills.get(line.bill)
        if bill is not None and rest:
            rest -= _lower(
                account, refund, bill, line, min(rest, line.principal - account.returned[purchase, line.bill])
            )
    return rest


def _lower(account: Account, refund: ReceiptFact, bill: BillState, line: Line, amount: Decimal) -> Decimal:
    """Lower the open principal, the last due first, and the fees of shares due later; answers by how much."""
    assert refund.returned is not None
    rest = amount
    for share in sorted(bill.shares, key=lambda share: (share.due_date, share.number), reverse=True):
        part = min(rest, share.open[Component.PRINCIPAL])
        if not part:
            continue
        before = account.returned[refund.returned.purchase, bill.fact.key]
        account.returned[refund.returned.purchase, bill.fact.key] += part
        fee = _fee_that_falls(bill, share, line, before, part) if share.due_date > refund.date else ZERO
        rest -= part
        _book(account, refund, bill, share, EntryKind.REFUND, Component.PRINCIPAL, part)
        _book(account, refund, bill, share, EntryKind.CHARGE, Component.INSTALMENT_FEE, fee)
    if not bill.owed and bill.settled_date is None and bill.written_off_date is None:
        bill.settled_date = refund.date
    return amount - rest


def _fee_that_falls(bill: BillState, share: OpenShare, line: Line, before: Decimal, part: Decimal) -> Decimal:
    """The share's open fee in proportion to the principal that goes; a statement's by what the purchase brought."""
    opened = share.open[Component.INSTALMENT_FEE]
    if not bill.demands:
        return cents(opened * part / share.open[Component.PRINCIPAL])
    due = [cents(line.fee * (line.principal - gone) / line.principal) for gone in (before, before + part)]
    return min(opened, due[0] - due[1])


def _book(
    account: Account,
    refund: ReceiptFact,
    bill: BillState,
    share: OpenShare,
    kind: EntryKind,
    component: Component,
    amount: Decimal,
) -> None:
    if amount:
        share.open[component] -= amount
        bill.open[component] -= amount
        allocation.meet(account, share, amount, refund.date)
        account.entries[EntryKey(refund.date, kind, component, bill.fact.key, refund.cause)] -= amount
