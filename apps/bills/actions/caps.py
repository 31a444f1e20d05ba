"""The caps on what a contract may cost: shipped ones, and others that are asked for and published by the last yes."""

import datetime as dt
from decimal import Decimal

from apps.access.actions import approvals
from apps.access.models import ApprovalRequest, User
from apps.audit import actions as audit
from apps.bills.domain import caps
from apps.bills.models import CostCap
from apps.bills.queries import asked as requests
from apps.bills.queries import new_caps as queries
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.money import ZERO, percent

ACTION = queries.ACTION


def install(*, by: Actor, at: dt.datetime, using: str = "owner") -> int:
    """Bring in the shipped caps of every licence that has none yet; answers how many."""
    with audit.operation("bills.install_caps", by=by, at=at, using=using) as op:
        rows = CostCap.objects.using(using)
        known = set(rows.values_list("licence", flat=True))
        new = [CostCap(**cap._asdict()) for cap in caps.SHIPPED if cap.licence not in known]
        rows.bulk_create(new)
        op.sentence = f"Installed {len(new)} caps on the annual cost."
        op.nothing_happened = not new
    return len(new)


def propose(
    *,
    licence: str,
    effective_date: dt.date,
    annual_rate: Decimal,
    note: str,
    reason: str,
    reference: str = "",
    business_date: dt.date,
    by: User,
    at: dt.datetime,
) -> ApprovalRequest:
    """Ask for a licence's cap from a day on; refused at once where it may not be."""
    cap = queries.NewCap(licence, effective_date, annual_rate, note)
    with audit.operation("bills.request_cap", by=by, at=at, reason=reason) as op:
        payload = queries.packed(cap, reference)
        known = requests.before(ACTION, payload)
        if known is not None:
            op.sentence = requests.said_again(known)
            return known
        queries.check(cap, business_date)
        asked = approvals.request(
            action=ACTION,
            subject=approvals.Subject(queries.SUBJECT, licence),
            amount=ZERO,
            payload=payload,
            reason=reason,
            by=by,
            at=at,
        )
        op.sentence = f"Asked for a cap of {percent(annual_rate)} on {licence} from {effective_date}."
    return asked


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> CostCap:
    """Publish the cap that an approved request holds; refused where its day has passed meanwhile."""
    cap = queries.unpacked(request.payload)
    with audit.operation(ACTION, by=by, at=at, authority=f"approval:{request.reference}") as op:
        queries.check(cap, closing.business_date_at(at))
        published = CostCap.objects.create(**cap._asdict())
        op.on = published
        op.sentence = f"Published a cap of {percent(cap.annual_rate)} on {cap.licence} from {cap.effective_date}."
    return published
