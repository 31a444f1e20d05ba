"""Late fees: accrued a day at a time to six decimals, posted to the cent."""

import datetime as dt
from decimal import Decimal

from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.state import Account, BillState, EntryKey
from apps.bills.domain.terms import Terms
from apps.core.domain.dates import add_months, month_end
from apps.core.domain.money import ZERO, cents, micros


def daily(base: Decimal, terms: Terms) -> Decimal:
    """One late day's fee on unpaid principal and instalment fees, never below the floor; none without a rate."""
    if not terms.late_fee_daily_rate or base <= 0:
        return ZERO
    return max(micros(base * terms.late_fee_daily_rate), terms.late_fee_daily_floor)


def accrue(bill: BillState, through: dt.date) -> None:
    """Accrue every late day that is not accrued yet, the last one included."""
    oldest = bill.oldest_due
    if oldest is None or not bill.fact.terms.late_fee_daily_rate:
        return
    since = max(oldest, bill.accrued_through or oldest)
    days = (through - since).days
    if days > 0:
        base = bill.open[Component.PRINCIPAL] + bill.open[Component.INSTALMENT_FEE]
        bill.accrued += days * daily(base, bill.fact.terms)
        bill.accrued_through = through


def post(account: Account, date: dt.date) -> None:
    """Accrue through the day and charge what has come to whole cents."""
    for bill in account.bills.values():
        accrue(bill, date)
        charge = cents(bill.accrued) - bill.posted
        if charge:
            bill.posted += charge
            bill.open[Component.LATE_FEE] += charge
            account.entries[EntryKey(date, EntryKind.CHARGE, Component.LATE_FEE, bill.fact.key)] += charge


def post_month_ends(account: Account, after: dt.date, through: dt.date) -> None:
    """Charge at every month's end from one day to another, both included."""
    end = month_end(after)
    while end <= through:
        post(account, end)
        end = month_end(add_months(end.replace(day=1), 1))
