"""Arrangements for tests, proposed, approved and signed by the product's own actions."""

import datetime as dt
from decimal import Decimal

from apps.access.actions import approvals
from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.models import ApprovalRequest
from apps.cases.actions import arrangements, signing
from apps.cases.domain.arrangements import ArrangementKind
from apps.cases.domain.calculator import Asked, Budget
from apps.cases.models import Arrangement, Case
from tests.factories import access

ROLES = {"team_lead": "lena", "manager": "maya", "director": "dora", "risk_analyst": "rita"}
BUDGET = Budget(Decimal("9000.00"), Decimal("3000.00"), Decimal("500.00"))


def asked(kind: str, first: dt.date, instalments: int = 3, forgiven: str = "0", **more: Decimal) -> Asked:
    return Asked(ArrangementKind(kind), first, instalments, Decimal(forgiven), **more)


def proposed(
    case: Case, wanted: Asked, *, at: dt.datetime, by: str = "leo", budget: Budget | None = None
) -> Arrangement:
    """Proposed by a lead, who may offer most."""
    return arrangements.propose(case=case, asked=wanted, budget=budget, reason="Lost work", by=access.person(by), at=at)


def approved(made: Arrangement, *, at: dt.datetime) -> Arrangement:
    """Agreed to by whoever the matrix names."""
    access.person("lena", role="team_lead", name="Lena Lu", reports_to=access.person("maya"))
    for role in made.approval.rule.approvers:
        request = approvals.decide(
            reference=made.approval.reference, verdict=Verdict.APPROVE, by=access.person(ROLES[role]), at=at
        )
    assert ApprovalRequest.objects.get(pk=request.pk).status == RequestStatus.APPROVED
    made.refresh_from_db()
    return made


def signed(case: Case, wanted: Asked, *, at: dt.datetime, budget: Budget | None = None) -> Arrangement:
    """Proposed, approved, and agreed to in a recorded call."""
    made = approved(proposed(case, wanted, at=at, budget=budget), at=at)
    return signing.sign_by_recording(arrangement=made, recording="REC-1", by=access.person("leo"), at=at)
