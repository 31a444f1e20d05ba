"""Restructuring: on the day of an agreement what is open falls due anew, and the ledger stays as it is.

The dues that are replaced are met that day with nothing open; the new ones go on in number over exactly what was open.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from apps.bills.domain import accrual
from apps.bills.domain.facts import RestructuringFact
from apps.bills.domain.kinds import Component, EntryKind, RestructuringKind
from apps.bills.domain.state import Account, BillState, Due, EntryKey, OpenShare
from apps.core.domain.dates import add_months
from apps.core.domain.money import ZERO, cents, split

LONGEST = 60  # months
PLANS = (RestructuringKind.EXTEND, RestructuringKind.RE_AGE)  # all that is open again, in equal parts


def agree(account: Account, fact: RestructuringFact) -> None:
    """Let the open dues of the bills concerned fall due as agreed; late fees accrue on the old ones through the day."""
    for bill in concerned(account, fact.bill):
        accrual.accrue(bill, fact.date, account.pauses)
        if fact.kind in PLANS:
            _plan(account, bill, fact)
        elif bill.demands:
            _move_demands(bill, fact)
        else:
            _move_shares(bill, fact)


def concerned(account: Account, bill: int | None) -> list[BillState]:
    """The bills with principal or fee open; statements of one customer are one debt, and go together."""
    opened = [b for b in account.bills.values() if b.open[Component.PRINCIPAL] + b.open[Component.INSTALMENT_FEE]]
    if bill is None:
        return opened
    return [b for b in opened if b.fact.key == bill or (b.fact.is_statement and account.bills[bill].fact.is_statement)]


def moved(due_date: dt.date, fact: RestructuringFact) -> dt.date:
    """Where a due date goes: on by the shift, or to the end of the grace; never before the first date agreed."""
    if fact.kind is RestructuringKind.GRACE:
        return max(due_date, fact.first_due_date)
    shifted = add_months(due_date, fact.shift_months) + dt.timedelta(fact.shift_days)
    return max(shifted, fact.first_due_date)


def _plan(account: Account, bill: BillState, fact: RestructuringFact) -> None:
    principal, fee = bill.open[Component.PRINCIPAL], bill.open[Component.INSTALMENT_FEE]
    period_fee = cents(principal * fact.monthly_fee_rate)
    _replace(bill.dues, fact)
    parts = zip(split(principal, fact.instalments), split(fee, fact.instalments), strict=True)
    shares = [
        (add_months(fact.first_due_date, number), owed, carried + period_fee)
        for number, (owed, carried) in enumerate(parts)
        if owed + carried + period_fee
    ]
    bill.shares = _made(bill, shares, fact)
    bill.planned = True
    if period_fee:
        charged = period_fee * fact.instalments
        bill.open[Component.INSTALMENT_FEE] += charged
        key = EntryKey(fact.date, EntryKind.CHARGE, Component.INSTALMENT_FEE, bill.fact.key, fact.cause)
        account.entries[key] += charged


def _move_shares(bill: BillState, fact: RestructuringFact) -> None:
    going = [s for s in bill.shares if any(s.open.values()) and moved(s.due_date, fact) != s.due_date]
    if not going:
        return
    _replace((share.due for share in going if share.due is not None), fact)
    shares = [(moved(s.due_date, fact), s.open[Component.PRINCIPAL], s.open[Component.INSTALMENT_FEE]) for s in going]
    bill.shares = [share for share in bill.shares if share not in going] + _made(bill, shares, fact)


def _move_demands(bill: BillState, fact: RestructuringFact) -> None:
    going = [due for due in bill.dues if due.open and moved(due.due_date, fact) != due.due_date]
    for due in going:
        demanded = due.open
        _replace([due], fact)
        bill.dues.append(Due(_next(bill), moved(due.due_date, fact), demanded, ZERO, demanded, restructuring=fact.key))
        bill.restructured = fact.key


def _replace(dues: Iterable[Due], fact: RestructuringFact) -> None:
    for due in dues:
        if due.open:
            due.open, due.met_date, due.replaced_by = ZERO, fact.date, fact.key


def _made(
    bill: BillState, shares: Iterable[tuple[dt.date, Decimal, Decimal]], fact: RestructuringFact
) -> list[OpenShare]:
    """New shares of (due date, principal, fee), and the dues that they must be paid by."""
    made = []
    for due_date, principal, fee in shares:
        amount = principal + fee
        due = Due(_next(bill), due_date, amount, fee, amount, restructuring=fact.key)
        bill.dues.append(due)
        opened = {Component.INSTALMENT_FEE: fee, Component.PRINCIPAL: principal}
        made.append(OpenShare(due_date, due.number, opened, due))
    bill.restructured = fact.key
    return made


def _next(bill: BillState) -> int:
    return max((due.number for due in bill.dues), default=0) + 1
