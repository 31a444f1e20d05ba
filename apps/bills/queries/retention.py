"""What we keep of a customer, and how long we must."""

import datetime as dt

from django.db.models import Max, QuerySet

from apps.bills.models import Account, Bill, LedgerEntry, Mandate, SuspenseItem
from apps.core.texts import gettext as _
from apps.customers.models import Customer


def last_date(customer: Customer) -> dt.date | None:
    """The last day that the ledger or a bill speaks of."""
    entry = LedgerEntry.objects.filter(customer=customer).aggregate(last=Max("effective_date"))["last"]
    bill = Bill.objects.filter(customer=customer).aggregate(last=Max("issued_date"))["last"]
    return max((found for found in (entry, bill) if found), default=None)


def objection(customer: Customer) -> str | None:
    """Why the customer cannot be forgotten: money is owed on one side or the other, or may be debited."""
    account = Account.objects.filter(customer=customer).first()
    if account is not None and (account.balance or account.credit_balance):
        return _("%(customer)s has open bills or a credit balance.") % {"customer": customer.reference}
    if Mandate.objects.filter(customer=customer, revoked_date=None).exists():
        return _("%(customer)s has a mandate that is not revoked.") % {"customer": customer.reference}
    return None


def subjects(customer: Customer) -> list[str]:
    """The money in suspense that was found to be this customer's."""
    return [f"bills.suspenseitem:{key}" for key in suspense_of(customer).values_list("pk", flat=True)]


def suspense_of(customer: Customer) -> QuerySet[SuspenseItem]:
    """Money that waited in suspense and became a repayment of this customer."""
    return SuspenseItem.objects.filter(repayment__customer=customer)
