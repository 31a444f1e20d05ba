"""A credit balance paid back to the customer, and what happens where it turns out to have been smaller."""

from decimal import Decimal

from apps.bills.domain import allocation
from apps.bills.domain.facts import PayoutFact, ReceiptFact
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.state import Account, EntryKey


def pay_out(account: Account, payout: PayoutFact) -> None:
    """Take the money out of the credit balance, the oldest first; what it lacks leaves the account overdrawn."""
    rest = payout.amount
    for lot in account.lots:
        part = min(rest, lot.left)
        lot.left -= part
        rest -= part
    account.lots = [lot for lot in account.lots if lot.left]
    account.overdrawn += rest
    account.entries[EntryKey(payout.date, EntryKind.PAYOUT, Component.CREDIT, None, payout.cause)] += payout.amount


def fill(account: Account, receipt: ReceiptFact) -> Decimal:
    """Let new money make good first what was paid out beyond the credit; answers what is left of it."""
    part = min(receipt.amount, account.overdrawn)
    if part:
        account.overdrawn -= part
        account.entries[allocation.credit_key(receipt, receipt.date)] -= part
    return receipt.amount - part
