"""Customers with what they owe and how late they are."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DateField, ExpressionWrapper, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from apps.access.models import User
from apps.bills.domain import aging
from apps.bills.domain.aging import FiveClass
from apps.bills.domain.kinds import Bucket
from apps.bills.models import Account, Instalment
from apps.core.domain.money import ZERO
from apps.credit.models import CreditLine
from apps.customers import queries as customers
from apps.customers.models import Customer


def visible_to(user: User) -> QuerySet[Customer]:
    """The customers that somebody may see, with their standing and their limit."""
    return customers.visible_to(user).select_related("account", "credit_line")


def is_known(user: User, reference: object) -> bool:
    """Whether there is a customer of that reference among those whom somebody may see."""
    return visible_to(user).filter(reference=str(reference or "")).exists()


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late something is on a closed day, and the classes that follow from it."""

    as_of: dt.date | None
    oldest_due_date: dt.date | None
    late_since_date: dt.date | None  # the same, moved on by paused days
    days: int
    bucket: Bucket
    class_2023: FiveClass
    class_card: FiveClass
    stage: int


def lateness(oldest_due_date: dt.date | None, late_since_date: dt.date | None, as_of: dt.date | None) -> Lateness:
    """The lateness that follows from the oldest due date that is not met and the paused days; none before a close."""
    days = aging.days_past_due(late_since_date, as_of) if as_of else 0
    return Lateness(
        as_of=as_of,
        oldest_due_date=oldest_due_date,
        late_since_date=late_since_date,
        days=days,
        bucket=aging.bucket(days),
        class_2023=aging.class_2023(days),
        class_card=aging.class_card(days),
        stage=aging.stage(days),
    )


def lateness_of(customer: Customer, as_of: dt.date | None) -> Lateness:
    """How late a customer is as of the last closed day."""
    account: Account | None = getattr(customer, "account", None)
    return lateness(account.oldest_due_date, account.late_since_date, as_of) if account else lateness(None, None, as_of)


def available(customer: Customer) -> Decimal | None:
    """What of the limit is left to spend, none without a credit line."""
    line: CreditLine | None = getattr(customer, "credit_line", None)
    account: Account | None = getattr(customer, "account", None)
    if line is None:
        return None
    return max(line.limit - (account.balance if account else ZERO), ZERO)


def due_before(on: dt.date, prefix: str = "") -> Q:
    """Instalments (or, by the prefix, those that others have) whose due date and days of grace lie before the day."""
    graced = ExpressionWrapper(Value(on) - F(f"{prefix}grace_days"), DateField())
    return Q(**{f"{prefix}due_date__lt": on}) & Q(**{f"{prefix}due_date__lt": graced})


def overdue(customer: Customer, on: dt.date) -> Decimal:
    """What was due before the day, its grace over, and is not paid by now."""
    late = Instalment.objects.filter(due_before(on), customer=customer, met_date=None)
    found: Decimal = late.aggregate(sum=Coalesce(Sum("open_amount"), ZERO))["sum"]
    return found
