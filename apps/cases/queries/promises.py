"""What a customer promised before, and how much of that is too much."""

import datetime as dt

from django.db.models import Count, Q

from apps.cases.domain.holds import Stop
from apps.cases.domain.promises import YEAR, Limits, Past
from apps.cases.domain.status import PromiseStatus
from apps.cases.models import Promise
from apps.cases.queries import arrangements, holds


def limits(date: dt.date) -> Limits:
    """How many promises a customer may make and break, by the policy that holds on a date."""
    found = arrangements.policy(date)
    return Limits(found.promises_a_year, found.broken_promises)


def past(customer: int, date: dt.date, *, lead_agrees: bool) -> Past:
    """The promises of the year up to a date, in all of the customer's cases."""
    mine = Promise.objects.filter(case__customer=customer, made_date__gt=date - YEAR, made_date__lte=date)
    counted = mine.aggregate(made=Count("pk"), broken=Count("pk", filter=Q(status=PromiseStatus.BROKEN)))
    stops = holds.standing(date, Stop.CONTACTS).filter(customer=customer).order_by("pk").first()
    hold = stops.reference if stops else ""
    return Past(counted["made"], counted["broken"], lead_agrees, arrangements.is_signed(customer), hold)
