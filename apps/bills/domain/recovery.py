"""Recovery: money for what was written off, which makes the write-off smaller and never pays more than it took out."""

from collections.abc import Iterable
from decimal import Decimal

from apps.bills.domain.facts import ReceiptFact
from apps.bills.domain.kinds import EntryKind
from apps.bills.domain.state import Account, BillState, EntryKey
from apps.core.domain.money import ZERO


def recover(account: Account, receipt: ReceiptFact, amount: Decimal, bills: Iterable[BillState]) -> Decimal:
    """Let money come back on bills that were written off, the oldest due first; what is left comes back."""
    for bill in sorted((bill for bill in bills if any(bill.written_off.values())), key=_place):
        waterfall = bill.fact.terms.waterfall
        for component in (*waterfall, *(other for other in bill.written_off if other not in waterfall)):
            part = min(amount, bill.written_off.get(component, ZERO))
            if part:
                amount -= part
                bill.written_off[component] -= part
                key = EntryKey(receipt.date, EntryKind.RECOVERY, component, bill.fact.key, receipt.cause)
                account.entries[key] -= part
                account.entries[key._replace(kind=EntryKind.WRITE_OFF, cause=bill.write_off)] += part
    return amount


def _place(bill: BillState) -> tuple[object, ...]:
    return bill.shares[0].due_date, bill.fact.issued_date, bill.fact.reference
