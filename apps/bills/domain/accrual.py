"""Late fees, and with them interest: accrued a day at a time to six decimals, posted to the cent.

A bill's accrual stands as of the last day that posted; what has come since is the days times the daily fee, and is
derived where it is asked for (`queries.fees`) rather than written every night.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from apps.bills.domain import revolving
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.pauses import Span, paused_days
from apps.bills.domain.state import Account, BillState, EntryKey
from apps.bills.domain.terms import Terms
from apps.core.domain.dates import add_months, month_end
from apps.core.domain.money import ZERO, cents, micros


def daily(base: Decimal, terms: Terms) -> Decimal:
    """One late day's fee on unpaid principal and instalment fees, never below the floor; none without a rate."""
    if not terms.late_fee_daily_rate or base <= 0:
        return ZERO
    return max(micros(base * terms.late_fee_daily_rate), terms.late_fee_daily_floor)


def late_days(bill: BillState, through: dt.date, pauses: Sequence[Span]) -> int:
    """The late days that are not accrued yet, paused ones left out; `sql/late_fees.sql` counts the same.

    None within the days of grace; once these are over, they count too.
    """
    oldest = bill.oldest_late(through)
    if oldest is None:
        return 0
    since = max(oldest, bill.accrued_through or oldest)
    return max((through - since).days - paused_days(pauses, since, through), 0)


def accrue(bill: BillState, through: dt.date, pauses: Sequence[Span]) -> None:
    """Accrue every late day, and every revolving one, that is not accrued yet; no day is both."""
    revolving.accrue(bill, through, pauses)
    days = late_days(bill, through, pauses)
    fee = daily(bill.open[Component.PRINCIPAL] + bill.open[Component.INSTALMENT_FEE], bill.fact.terms) if days else ZERO
    if fee:
        bill.accrued += days * fee
        bill.accrued_through = through


def post(account: Account, date: dt.date) -> None:
    """Accrue through the day and charge what has come to whole cents."""
    for bill in account.bills.values():
        if bill.settled_date is not None:
            continue  # the money that settled it has charged what had come
        accrue(bill, date, account.pauses)
        late_fee = cents(bill.accrued) - bill.posted
        interest = cents(bill.interest_accrued) - bill.interest_posted
        bill.posted += late_fee
        bill.interest_posted += interest
        for component, charge in ((Component.LATE_FEE, late_fee), (Component.INTEREST, interest)):
            if charge:
                bill.open[component] += charge
                account.entries[EntryKey(date, EntryKind.CHARGE, component, bill.fact.key)] += charge


def post_month_ends(account: Account, after: dt.date, through: dt.date) -> None:
    """Charge at every month's end from one day to another, both included."""
    end = month_end(after)
    while end <= through:
        post(account, end)
        end = month_end(add_months(end.replace(day=1), 1))
