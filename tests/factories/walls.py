"""Agencies, what is placed with them, and teams with a slice of the book."""

import datetime as dt

from apps.access.models import Agency, ApprovalRequest, AuthorityRule, Team, User
from apps.customers.models import Customer, Placement
from tests.factories import access

AT = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)


def agency(code: str = "north") -> Agency:
    """An agency on the white list."""
    name = f"{code.title()} Collections"
    made, _ = Agency.objects.get_or_create(code=code, defaults={"name": name, "listed_at": AT, "listed_by": "system:t"})
    return made


def agent(of: Agency, username: str = "gina") -> User:
    """Somebody who works at the agency."""
    return access.person(username, role="agency_agent", agency=of)


def placed(customer: Customer, of: Agency) -> Placement:
    """The customer placed with the agency under an approval."""
    number = ApprovalRequest.objects.count() + 1
    approval = ApprovalRequest.objects.create(
        reference=f"A-P{number}",
        action="cases.place",
        subject_type="cases.case",
        subject_reference=customer.reference,
        customer_reference=customer.reference,
        amount=1,
        counted_amount=1,
        payload={},
        facts={},
        fingerprint="",
        rule=AuthorityRule.objects.filter(action="cases.place").earliest("pk"),
        reason="no time",
        made_by=access.person("leo"),
        made_at=AT,
        expires_at=AT,
    )
    for role in approval.rule.approvers:
        by = next(name for name, (_, held, _) in access.CAST.items() if held == role)
        approval.decisions.create(decided_by=access.person(by), role=role, verdict="approve", decided_at=AT)
    approval.status = "approved"
    approval.save(update_fields=["status"])
    return Placement.objects.create(
        reference=f"PL-{number}", customer=customer, agency=of, approval=approval, placed_at=AT
    )


def team(code: str, *products: str) -> Team:
    """A team that sees the customers of these products."""
    return Team.objects.create(code=code, name=code.title(), products=list(products))
