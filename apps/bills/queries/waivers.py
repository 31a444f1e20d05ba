"""Which rule a waiver falls under, and what was asked before."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals, wording
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
    bill = Bill.objects.select_related("customer").get(reference=payload["bill"])
    return {
        "bill": bill.reference,
        "customer": bill.customer.reference,
        "open_principal": str(bill.open_principal),
        "open_instalment_fee": str(bill.open_instalment_fee),
        "fees_only": True,
    }


def rules(bill: Bill, amount: Decimal, maker: User, at: dt.datetime) -> Rules:
    """Who would have to agree to waive the amount, were it asked for now."""
    return rules_of(ACTION, bill.customer.reference, amount, maker, at, fees_only=True)


def rules_of(action: str, customer: str, amount: Decimal, maker: User, at: dt.datetime, *, fees_only: bool) -> Rules:
    """Who would have to agree to an action on a customer (by reference), were it asked for now."""
    date = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    before = approvals.asked_before(maker, customer, action, at)
    version = approvals.version_in_force(date)
    holds = approvals.rule_for(version, action, before + amount, fees_only=fees_only) if version else None
    lines = approvals.matrix(date).filter(action=action)
    return Rules(
        tuple(Rule(line.tier, line.up_to, wording.roles(line.approvers), line == holds) for line in lines), before
    )


def asked_for(bill: Bill, user: User) -> QuerySet[ApprovalRequest]:
    """The requests to waive this bill's late fee that the user may see, the newest first."""
    mine = approvals.visible_to(user).filter(subject_type=SUBJECT, subject_reference=bill.reference)
    return mine.filter(action=ACTION)
