"""Whether a bill is under observation after it was restructured."""

import datetime as dt

from django.db.models import Q

from apps.bills.domain.aging import FiveClass
from apps.bills.domain.observation import Classes, Demand, Observation, observed
from apps.bills.models import Bill, Restructuring
from apps.bills.queries import pauses


def of_bill(bill: Bill, as_of: dt.date | None) -> Observation | None:
    """The observation of a bill on the day that lasts longest, none where it is under none."""
    touched = Q(made__bill=bill) | Q(replaced__bill=bill)
    agreed = Restructuring.objects.filter(touched, undone_at=None).distinct()
    if as_of is None or bill.settled_date or not (found := list(agreed.filter(agreed_date__lte=as_of))):
        return None
    demands = [Demand(*dates) for dates in bill.instalments.values_list("due_date", "met_date")]
    paused = pauses.of({bill.customer_id}).get(bill.customer_id, ())
    running = [
        observed(
            made.agreed_date,
            Classes(FiveClass(made.class_2023), FiveClass(made.class_card), made.stage),
            demands,
            as_of,
            grace_days=bill.terms.grace_days,
            pauses=paused,
        )
        for made in found
    ]
    return max(filter(None, running), key=lambda observation: observation.end_date, default=None)
