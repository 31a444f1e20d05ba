"""Cases placed with agencies, and what a request to place one rests on."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals
from apps.bills.queries import waivers
from apps.bills.queries.waivers import Rules
from apps.cases.domain.status import CaseStatus
from apps.cases.models import Case
from apps.customers.models import Placement
from apps.customers.queries import walls

ACTION = "cases.place"
SUBJECT = "cases.case"


def visible_to(user: User) -> QuerySet[Placement]:
    """The placements that somebody may see, recalled ones too; an agency's people see theirs that stand."""
    return walls.seen(Placement.objects.select_related("customer", "agency", "approval"), user)


def standing(case: Case) -> Placement | None:
    """The placement of the case's customer, unless it was recalled."""
    return Placement.objects.select_related("agency").filter(customer=case.customer_id, recalled_at=None).first()


def asked_for(case: Case, user: User) -> QuerySet[ApprovalRequest]:
    """The requests to place this case that the user may see, the newest first."""
    return approvals.visible_to(user).filter(action=ACTION, subject_reference=case.reference)


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What a placement rests on, shown to the approver; the balance changes nightly and is not among it."""
    case = Case.objects.select_related("customer").get(reference=payload["case"])
    placed = standing(case)
    return {
        "case": case.reference,
        "customer": case.customer.reference,
        "case_open": case.status == CaseStatus.OPEN,
        "stage": case.stage,
        "agency": payload["agency"],
        "placed_with": placed.agency.code if placed else "",
    }


def rules(case: Case, maker: User, at: dt.datetime) -> Rules:
    """Who would have to agree to place the case, were it asked for now."""
    return waivers.rules_of(ACTION, case.customer.reference, case.balance, maker, at, fees_only=False)
