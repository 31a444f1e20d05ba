"""The caps on what a contract may cost, as rows that an operator adds to."""

import datetime as dt

from apps.audit import actions as audit
from apps.bills.domain import caps
from apps.bills.models import CostCap
from apps.core.domain.actor import Actor


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
