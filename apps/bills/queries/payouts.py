"""Payouts of credit balances, and what a request for one rests on."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals
from apps.bills.models import Account, Payout
from apps.core.domain.money import ZERO
from apps.customers.models import Customer
from apps.customers.queries import walls

ACTION = "bills.pay_out"
SUBJECT = "customers.customer"


def visible_to(user: User) -> QuerySet[Payout]:
    """The payouts that somebody may see, with their customer and approval."""
    return walls.seen(Payout.objects.select_related("customer", "approval"), user)


def credit_of(customer: Customer) -> Decimal:
    """The credit balance as it stands; below zero where it is overdrawn."""
    account = Account.objects.filter(customer=customer).first()
    return account.credit_balance if account else ZERO


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What a payout rests on, shown to the approver; a change of any of it makes the request void."""
    customer = Customer.objects.get(reference=payload["customer"])
    return {"customer": customer.reference, "credit_balance": str(credit_of(customer)), "channel": payload["channel"]}


def asked_for(customer: Customer, user: User) -> QuerySet[ApprovalRequest]:
    """The requests to pay this customer that the user may see, the newest first."""
    return approvals.visible_to(user).filter(action=ACTION, subject_reference=customer.reference)
