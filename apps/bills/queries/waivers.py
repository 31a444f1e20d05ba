"""Which rule a waiver falls under, and what was asked before."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals, matrix, wording
from apps.bills.models import Bill

ACTION = "bills.waive_late_fee"
SUBJECT = "bills.bill"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the authority matrix: up to which amount, and who must agree; `holds` for the amount at hand."""

    tier: str
    up_to: Decimal | None
    approvers: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The lines for an action, and what the maker asked for this customer before, which counts with it."""

    lines: tuple[Rule, ...]
    asked_before: Decimal


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What a waiver rests on, shown to the approver; a change of any of it makes the request void.

    The late fee itself grows every night and is not among them: the executor refuses what is above it.
    """
    bill = Bill.objects.select_related("customer", "terms__product").get(reference=payload["bill"])
    return {
        "bill": bill.reference,
        "customer": bill.customer.reference,
        "open_principal": str(bill.open_principal),
        "open_instalment_fee": str(bill.open_instalment_fee),
        "product": bill.terms.product.code,
        "fees_only": True,
    }


def rules(bill: Bill, amount: Decimal, maker: User, at: dt.datetime) -> Rules:
    """Who would have to agree to waive the amount, were it asked for now."""
    product = bill.terms.product.code
    return rules_of(ACTION, bill.customer.reference, amount, maker, at, fees_only=True, product=product)


def rules_of(
    action: str, customer: str, amount: Decimal, maker: User, at: dt.datetime, *, fees_only: bool, product: str = ""
) -> Rules:
    """Who would have to agree to an action on a customer (by reference), were it asked for now."""
    date = matrix.local_date(at)
    before = approvals.asked_before(maker, customer, action, at)
    version = matrix.version_in_force(date)
    holds = None
    if version:
        holds = matrix.rule_for(version, action, before + amount, fees_only=fees_only, product=product)
    lines = matrix.lines_in_force(date).filter(action=action, product=holds.product if holds else "")
    return Rules(
        tuple(Rule(line.tier, line.up_to, wording.roles(line.approvers), line == holds) for line in lines), before
    )


def asked_for(bill: Bill, user: User) -> QuerySet[ApprovalRequest]:
    """The requests to waive this bill's late fee that the user may see, the newest first."""
    mine = approvals.visible_to(user).filter(subject_type=SUBJECT, subject_reference=bill.reference)
    return mine.filter(action=ACTION)
