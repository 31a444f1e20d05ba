"""The agreements by which bills fall due anew, and what a request for one rests on."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals
from apps.bills.domain.kinds import Component
from apps.bills.models import Bill, Restructuring
from apps.bills.queries import plans, waivers
from apps.bills.queries.waivers import Rules
from apps.core.domain.money import ZERO
from apps.customers.models import Customer
from apps.customers.queries import walls

ACTION = "bills.restructure"


def visible_to(user: User) -> QuerySet[Restructuring]:
    """The agreements that somebody may see, undone ones too, the last first."""
    found = Restructuring.objects.select_related("customer", "bill", "approval")
    return walls.seen(found, user).order_by("-agreed_date", "-pk")


def of_bill(bill: Bill, user: User) -> QuerySet[Restructuring]:
    """The agreements that touched the bill, or may have: those of all the customer's bills since it was issued."""
    all_bills = Q(bill=None, customer=bill.customer_id, agreed_date__gte=bill.issued_date)
    return visible_to(user).filter(Q(bill=bill) | all_bills)


def asked_for(customer: Customer, bill: Bill | None, user: User) -> QuerySet[ApprovalRequest]:
    """The requests that the user may see, the newest first."""
    found = approvals.visible_to(user).filter(action=ACTION, customer_reference=customer.reference)
    return found.filter(subject_reference=bill.reference) if bill else found


def packed(customer: Customer, bill: Bill | None, asked: dict[str, Any], reference: str = "") -> dict[str, Any]:
    """What a request keeps of what was asked for, and under which reference."""
    first: dt.date | None = asked.get("first_due_date")
    return {
        "customer": customer.reference,
        "bill": bill.reference if bill else "",
        "kind": str(asked["kind"]),
        "first_due_date": first.isoformat() if first else "",
        "instalments": asked.get("instalments") or 1,
        "shift_days": asked.get("shift_days") or 0,
        "shift_months": asked.get("shift_months") or 0,
        "monthly_fee_rate": str(asked.get("monthly_fee_rate") or ZERO),
        "reference": reference,
    }


def unpacked(payload: dict[str, Any]) -> tuple[Customer, Bill | None, dict[str, Any]]:
    """The same, read back."""
    customer = Customer.objects.get(reference=payload["customer"])
    bill = Bill.objects.get(reference=payload["bill"]) if payload["bill"] else None
    first = dt.date.fromisoformat(payload["first_due_date"]) if payload["first_due_date"] else None
    rate = Decimal(payload["monthly_fee_rate"])
    return customer, bill, payload | {"first_due_date": first, "monthly_fee_rate": rate}


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What a plan rests on, shown to the approver: a change of what is open on the bills makes the request void."""
    customer, bill, _ = unpacked(payload)
    bills = plans.concerned(customer, bill)
    opened = {
        component: sum((b.open[component] for b in bills), ZERO)
        for component in (Component.PRINCIPAL, Component.INSTALMENT_FEE)
    }
    return {
        **payload,
        "bill": ", ".join(sorted(b.fact.reference for b in bills)),
        "open_principal": str(opened[Component.PRINCIPAL]),
        "open_instalment_fee": str(opened[Component.INSTALMENT_FEE]),
        "fees_only": False,
    }


def rules(customer: Customer, amount: Decimal, maker: User, at: dt.datetime) -> Rules:
    """Who would have to agree to restructure the amount, were it asked for now."""
    return waivers.rules_of(ACTION, customer.reference, amount, maker, at, fees_only=False)
