"""The revolving fee: interest on what of a statement is not paid by its due date, while its minimum is met.

Accrued a day at a time to six decimals and posted to the cent, like the late fee; no bill bears both on one day.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from apps.bills.domain.kinds import Component
from apps.bills.domain.pauses import Span, paused_days
from apps.bills.domain.state import BillState
from apps.core.domain.money import ZERO, micros


def daily(bill: BillState) -> Decimal:
    """One day's interest on unpaid principal and instalment fees; none on what falls due by a plan."""
    if not bill.demands:
        return ZERO
    base = bill.open[Component.PRINCIPAL] + bill.open[Component.INSTALMENT_FEE]
    return micros(base * bill.fact.terms.revolving_daily_rate)


def days(bill: BillState, through: dt.date, pauses: Sequence[Span]) -> int:
    """The revolving days that are not accrued yet, paused ones left out; `sql/revolving.sql` counts the same."""
    if any(due.open for due in bill.dues):
        return 0
    due_date = bill.fact.issued_date + dt.timedelta(bill.fact.terms.due_days)
    met = (max(due.due_date, due.met_date) for due in bill.dues if due.met_date and not due.replaced_by)
    since = max(met, default=due_date)
    if bill.accrued_through:
        since = max(since, bill.accrued_through)
    return max((through - since).days - paused_days(pauses, since, through), 0)


def accrue(bill: BillState, through: dt.date, pauses: Sequence[Span]) -> None:
    """Accrue every revolving day that is not accrued yet."""
    interest = daily(bill)
    count = days(bill, through, pauses) if interest else 0
    if count:
        bill.interest_accrued += count * interest
        bill.accrued_through = through
