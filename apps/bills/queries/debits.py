"""Mandates and debits: who may be debited, what was instructed and what became of it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.access.models import User
from apps.bills.domain import debits
from apps.bills.domain.debits import DebitStatus, Instruction
from apps.bills.models import Debit, Mandate
from apps.core.domain import working_days
from apps.customers.models import Customer
from apps.customers.queries import walls


@dataclass(frozen=True, slots=True)
class Outlook:
    """The day on which money is debited next, and why it may not be known."""

    debit_date: dt.date
    unpublished: int | None


def visible_to(user: User) -> QuerySet[Debit]:
    """The debits that somebody may see, with their customer, bill, mandate and repayment."""
    found = Debit.objects.select_related("customer", "bill__terms__product", "mandate", "repayment")
    return walls.seen(found, user)


def mandates_visible_to(user: User) -> QuerySet[Mandate]:
    """The mandates that somebody may see, with their customer."""
    return walls.seen(Mandate.objects.select_related("customer"), user)


def mandates_of(customer: Customer, user: User) -> QuerySet[Mandate]:
    """The customer's mandates, the latest first."""
    return mandates_visible_to(user).filter(customer=customer).order_by("-agreed_date", "-pk")


def in_force(customer: Customer) -> Mandate | None:
    """The mandate that is not revoked."""
    return Mandate.objects.filter(customer=customer, revoked_date=None).first()


def outlook(business_date: dt.date) -> Outlook:
    """Whether the debits of the business date could all be told: beyond the published calendar nothing is guessed."""
    return Outlook(business_date, debits.due_dates(business_date).unpublished)


def instructions(date: dt.date) -> list[Instruction]:
    """What a bank is told to debit on a day; a day whose working days are not published is refused."""
    working_days.is_working_day(date)
    found = Debit.objects.filter(debit_date=date).exclude(status=DebitStatus.WITHDRAWN)
    return [
        Instruction(
            reference=debit.reference,
            bank=debit.mandate.bank,
            account_token=debit.mandate.account_token.clear,
            currency=debit.bill.terms.product.currency,
            amount=debit.amount,
            debit_date=debit.debit_date,
        )
        for debit in found.select_related("mandate", "bill__terms__product")
    ]
