"""One customer's account, played from the facts: what the ledger must say, and what is open, met and accrued.

Whatever the order in which facts arrive, they are played in order of their effective dates; so a back-dated repayment,
a reversal or a late charge gives the same account as if it had come in time. Within a day: late fees accrue for the
day on what was open when it began, then bills are issued, refunds and repayments allocated, fees waived; a month's end
posts.
"""

import datetime as dt

from apps.bills.domain import accrual, allocation, forgiveness, payout, refund, restructuring, settlement, write_off
from apps.bills.domain.facts import (
    BillFact,
    Facts,
    PayoutFact,
    ReceiptFact,
    RestructuringFact,
    WaiverFact,
    WriteOffFact,
)
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.schedule import Share
from apps.bills.domain.state import Account, BillState, Due, EntryKey, OpenShare
from apps.core.domain.money import ZERO, cents

DAY = dt.timedelta(1)


def play(facts: Facts, *, closed_through: dt.date | None) -> Account:
    """Play the facts in order, with the month-ends through the last closed day; what accrues after them derives."""
    account = Account(pauses=facts.pauses)
    accrues = any(bill.terms.late_fee_daily_rate or bill.terms.revolving_daily_rate for bill in facts.bills)
    played: dt.date | None = None
    for fact in facts.in_order():
        date = fact.date
        if accrues and played is not None and closed_through is not None:
            accrual.post_month_ends(account, played, min(date - DAY, closed_through))
        played = date
        match fact:
            case BillFact():
                _issue(account, fact)
            case ReceiptFact():
                accrual.post(account, date)
                _receive(account, fact)
            case WaiverFact():
                accrual.post(account, date)
                _waive(account, fact)
            case RestructuringFact():
                restructuring.agree(account, fact)
            case PayoutFact():
                payout.pay_out(account, fact)
            case WriteOffFact():
                accrual.post(account, date)
                write_off.write_off(account, fact)
        allocation.cap_demands(account, date)
    if accrues and played is not None and closed_through is not None:
        accrual.post_month_ends(account, played, closed_through)
    return account


def _issue(account: Account, fact: BillFact) -> None:
    shares = fact.shares or (_statement_share(fact),)
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
            Component.INTEREST: ZERO,
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
    allocation.take_credit(account, bill)
    if fact.is_statement:
        _require_minimum(account, bill)
    if not bill.owed:
        bill.settled_date = fact.issued_date


def _statement_share(fact: BillFact) -> Share:
    due_date = fact.issued_date + dt.timedelta(fact.terms.due_days)
    return Share(1, due_date, fact.principal + fact.instalment_fee, fact.instalment_fee)


def _receive(account: Account, receipt: ReceiptFact) -> None:
    rest = payout.fill(account, receipt)
    if receipt.returned is not None:
        rest = refund.give_back(account, receipt, receipt.returned, rest)
    if receipt.settles:
        settlement.drop_fees(account, receipt, rest)
    allocation.receive(account, receipt, rest)


def _require_minimum(account: Account, bill: BillState) -> None:
    """Demand the minimum of what the statements bill beside what they still demand, never more than is owed."""
    balance = sum((other.owed for other in account.bills.values() if other.demands), -account.credit)
    demanded = sum((due.open for due in allocation.statement_dues(account)), ZERO)
    minimum = min(cents(balance * bill.fact.terms.minimum_rate), balance - demanded)
    if minimum > 0:
        due_date = bill.fact.issued_date + dt.timedelta(bill.fact.terms.due_days)
        bill.dues.append(Due(1, due_date, minimum, ZERO, minimum))


def _waive(account: Account, waiver: WaiverFact) -> None:
    bill = account.bills[waiver.bill]
    if waiver.forgives:
        forgiveness.forgive(account, bill, waiver)
        return
    waived = min(waiver.amount, bill.open[Component.LATE_FEE])
    if waived:
        bill.open[Component.LATE_FEE] -= waived
        key = EntryKey(waiver.date, EntryKind.WAIVER, Component.LATE_FEE, waiver.bill, waiver.cause)
        account.entries[key] -= waived
        if not bill.owed:
            bill.settled_date = waiver.date
