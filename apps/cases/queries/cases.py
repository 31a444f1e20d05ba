"""Cases: who may see them, and what their customers owe."""

import datetime as dt
from decimal import Decimal

from django.db.models import QuerySet, Sum

from apps.access.models import User
from apps.bills.models import Account, LedgerEntry
from apps.cases.models import Case
from apps.core.domain.money import ZERO
from apps.customers.queries import walls


def visible_to(user: User) -> QuerySet[Case]:
    """The cases that the user may see: those of the customers whom they may see, so never their own account's."""
    return walls.seen(Case.objects.select_related("customer", "owner"), user)


def late_since(case: Case) -> dt.date:
    """The date from which the days past due of an open case count: the oldest due date, moved on by paused days."""
    account: Account | None = getattr(case.customer, "account", None)
    return (account.late_since_date if account else None) or case.oldest_due_date


def owed(customer: int, on: dt.date) -> Decimal:
    """What the customer (by key) owes at the end of a day, less what we hold for them."""
    entries = LedgerEntry.objects.filter(customer=customer, effective_date__lte=on)
    return entries.aggregate(total=Sum("amount"))["total"] or ZERO
