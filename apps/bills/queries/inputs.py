"""Inputs about money, refused in one sentence that names the value; the same for forms, endpoints and actions."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_noop as noop

from apps.bills.domain import inputs
from apps.bills.domain.inputs import Fault
from apps.bills.models import Account, Bill, Product, Purchase
from apps.core.domain.money import cents
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer

SENTENCES = {
    Fault.NOT_A_NUMBER: noop("“%(value)s” is not an amount of money."),
    Fault.NOT_POSITIVE: noop("%(value)s is not above zero."),
    Fault.DECIMALS: noop("%(value)s has more than two decimals."),
    Fault.TOO_LARGE: noop("%(value)s is larger than an amount may be: it has more than ten digits before the point."),
    Fault.TOO_EARLY: noop("%(value)s is before 1900."),
    Fault.AFTER_BUSINESS_DATE: noop("%(value)s is after the business date %(limit)s."),
    Fault.BEFORE_BILL: noop("%(value)s is before %(limit)s, when bill %(name)s was issued."),
    Fault.BEFORE_PURCHASE: noop("%(value)s is before %(limit)s, when purchase %(name)s was made."),
    Fault.CURRENCY: noop("The currency is %(limit)s, not %(value)s."),
}


def amount(value: str | Decimal) -> Decimal:
    """An amount above zero, in whole cents, with ten digits at most before the point."""
    text = format(value, "f") if isinstance(value, Decimal) else value.strip()
    if fault := inputs.amount_fault(text):
        raise _refused(fault, value=text)
    return cents(Decimal(text))


def day(date: dt.date, business_date: dt.date) -> dt.date:
    """A day on which money may have moved: neither long ago nor after the business date."""
    if fault := inputs.date_fault(date, business_date):
        raise _refused(fault, value=date, limit=business_date)
    return date


def since_bill(date: dt.date, bill: Bill) -> None:
    """Money meant for a bill came no earlier than the bill."""
    if date < bill.issued_date:
        raise _refused(Fault.BEFORE_BILL, value=date, limit=bill.issued_date, name=bill.reference)


def since_purchase(date: dt.date, purchase: Purchase) -> None:
    """A purchase is given back no earlier than it was made."""
    if date < purchase.purchased_date:
        raise _refused(Fault.BEFORE_PURCHASE, value=date, limit=purchase.purchased_date, name=purchase.reference)


def currency(given: str, *, customer: Customer, bill: Bill | None = None) -> None:
    """The currency, where one is named, is the bill's or the account's."""
    held = bill.terms.product.currency if bill else _currency_of(customer)
    if given and held and given != held:
        raise _refused(Fault.CURRENCY, value=given, limit=held)


def currency_of_product(given: str, *, product: Product, customer: Customer) -> None:
    """The currency, where one is named, is the product's, and the product's is the account's."""
    if given and given != product.currency:
        raise _refused(Fault.CURRENCY, value=given, limit=product.currency)
    held = _currency_of(customer)
    if held and product.currency != held:
        raise _refused(Fault.CURRENCY, value=product.currency, limit=held)


def _currency_of(customer: Customer) -> str:
    account = Account.objects.filter(customer=customer).first()
    return account.currency if account else ""


def _refused(fault: Fault, **named: object) -> Refused:
    return Refused(_(SENTENCES[fault]) % named, code=fault)
