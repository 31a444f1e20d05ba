"""Facts for tests of the pure account, and the invariants that every played account keeps."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from apps.bills.domain import schedule
from apps.bills.domain.facts import BillFact, Facts, Line, PayoutFact, ReceiptFact, RestructuringFact, Returned
from apps.bills.domain.kinds import Component, EntryKind, Mode, RestructuringKind
from apps.bills.domain.state import Account
from apps.bills.domain.terms import Terms

ORDER = Terms(Mode.ORDER, late_fee_daily_rate=Decimal("0.0007"))
INSTALMENTS = Terms(Mode.ORDER, monthly_fee_rate=Decimal("0.005"), late_fee_daily_rate=Decimal("0.0007"))
STATEMENT = Terms(Mode.STATEMENT, minimum_rate=Decimal("0.10"))
PATIENT = replace(INSTALMENTS, grace_days=5, principal_first_after_days=30)
CARD = Terms(
    Mode.STATEMENT,
    minimum_rate=Decimal("0.10"),
    late_fee_daily_rate=Decimal("0.0007"),
    revolving_daily_rate=Decimal("0.0005"),
)


def bill(key: int, issued: dt.date, principal: str, *, instalments: int = 1, terms: Terms = ORDER) -> BillFact:
    """A purchase's bill in order mode, or a statement's in statement mode."""
    amount = Decimal(principal)
    if terms.mode is Mode.STATEMENT:
        return BillFact(key, f"B{key:03}", issued, terms, amount)
    fee = schedule.instalment_fee(amount, instalments, terms)
    return BillFact(key, f"B{key:03}", issued, terms, amount, fee, schedule.shares(amount, issued, instalments, terms))


def payment(key: int, date: dt.date, amount: str, *, bill: int | None = None, settles: bool = False) -> ReceiptFact:
    """A repayment."""
    return ReceiptFact(key, f"R{key:03}", EntryKind.PAYMENT, date, Decimal(amount), bill, settles)


def refund(key: int, date: dt.date, amount: str, *, of: BillFact | None = None) -> ReceiptFact:
    """A refund, of the purchase that the bill is of or of nothing that is known."""
    returned = Returned(of.key, (Line(of.key, of.principal, of.instalment_fee),)) if of else None
    return ReceiptFact(key, f"F{key:03}", EntryKind.REFUND, date, Decimal(amount), returned=returned)


def payout(key: int, date: dt.date, amount: str) -> PayoutFact:
    """Credit paid back."""
    return PayoutFact(key, f"O{key:03}", date, Decimal(amount))


def agreement(
    key: int,
    date: dt.date,
    kind: RestructuringKind,
    first_due: dt.date,
    *,
    bill: int | None = None,
    instalments: int = 1,
    months: int = 0,
    days: int = 0,
    fee: str = "0",
) -> RestructuringFact:
    """An agreement that what is open falls due anew."""
    return RestructuringFact(
        key, f"S{key:03}", date, kind, first_due, bill, instalments, days, months, monthly_fee_rate=Decimal(fee)
    )


def check(account: Account, facts: Facts) -> None:
    """Assert that entries, balances, allocations, remainders and instalments agree to the cent."""
    entries = account.entries
    assert sum(entries.values(), Decimal(0)) == account.balance
    for key, state in account.bills.items():
        for component, opened in state.open.items():
            booked = sum((a for k, a in entries.items() if k.bill == key and k.component is component), Decimal(0))
            assert opened == booked
            assert opened >= 0
        if not state.demands:
            principal_and_fee = state.open[Component.PRINCIPAL] + state.open[Component.INSTALMENT_FEE]
            assert sum((due.open for due in state.dues), Decimal(0)) == principal_and_fee
        for due in state.dues:
            assert Decimal(0) <= due.open <= due.amount
            assert (due.met_date is None) == (due.open > 0)
        assert (state.settled_date is None) == (state.owed > 0 or state.written_off_date is not None)
        assert state.written_off_date is None or state.owed == 0
    demanding = [state for state in account.bills.values() if state.demands]
    demanded = sum((due.open for state in demanding for due in state.dues), Decimal(0))
    assert demanded <= sum((state.owed for state in demanding), Decimal(0))
    for receipt in facts.receipts:
        mine = {k: a for k, a in entries.items() if k.cause == receipt.cause}
        fees = {k: a for k, a in mine.items() if k.kind is EntryKind.CHARGE}
        assert all(amount <= 0 and key.component is Component.INSTALMENT_FEE for key, amount in fees.items())
        unbilled = account.unbilled.get(receipt.key, Decimal(0)) if receipt.returned else Decimal(0)
        assert sum(fees.values(), Decimal(0)) - sum(mine.values(), Decimal(0)) == receipt.amount - unbilled
    credit = sum((a for k, a in entries.items() if k.component is Component.CREDIT), Decimal(0))
    assert account.credit == -credit
    for lot in account.lots:
        assert (
            0
            < lot.left
            <= -sum(a for k, a in entries.items() if k.cause == lot.receipt.cause and k.component is Component.CREDIT)
        )
    assert not (account.lots and account.overdrawn)
    assert account.credit <= 0 or all(
        state.owed == 0 and not any(state.written_off.values()) for state in account.bills.values()
    )
