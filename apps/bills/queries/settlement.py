"""What settles a bill on a day, and which early money is too little to take."""

import datetime as dt
from decimal import Decimal

from apps.bills.domain import account, accrual, settlement
from apps.bills.domain.settlement import Quote
from apps.bills.models import Bill, Instalment
from apps.bills.queries import bills, facts, inputs
from apps.closing import queries as closing
from apps.core.domain.money import ZERO
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer


def quote(bill: Bill, date: dt.date) -> Quote:
    """What settles the bill on the day, played from what is known to count by then."""
    inputs.since_bill(date, bill)
    accepted = facts.of([bill.customer_id])[bill.customer_id].until(date)
    last = closing.last_closed_date()
    played = account.play(accepted, closed_through=min(last, date) if last else None)
    accrual.post(played, date)
    return settlement.quote(played, played.bills[bill.pk], date)


def refuse_small(customer: Customer, amount: Decimal, date: dt.date, bill: Bill | None, *, settles: bool) -> None:
    """Refuse early money below the contract's minimum that settles nothing: no due, no instalment, no bill."""
    target = bills.open_of(customer).select_related("terms__product")
    chosen = target.filter(pk=bill.pk).first() if bill else target.order_by("instalments__due_date", "pk").first()
    if chosen is None or amount >= chosen.terms.early_repayment_minimum or _is_due(customer, date):
        return
    open_ones = chosen.instalments.filter(met_date=None).order_by("due_date")
    instalment = open_ones.values_list("open_amount", flat=True).first() or ZERO
    rest = quote(chosen, date).amount if settles and date >= chosen.issued_date else bills.owed_on(chosen)
    if amount < instalment and amount < rest:
        words = {
            "amount": amount,
            "least": chosen.terms.early_repayment_minimum,
            "currency": chosen.terms.product.currency,
        }
        sentence = _("%(amount)s is less than the %(least)s %(currency)s that an early repayment must come to.")
        raise Refused(sentence % words, code="below_minimum")


def _is_due(customer: Customer, date: dt.date) -> bool:
    """Whether something is to be paid by the day: an instalment, a fee, or what was paid out beyond the credit."""
    due = Instalment.objects.filter(customer=customer, due_date__lte=date, met_date=None)
    fees = bills.open_of(customer).filter(bills.FEES_OPEN)
    account = getattr(customer, "account", None)
    return due.exists() or fees.exists() or (account is not None and account.credit_balance < 0)
