"""A book of open cases to look at, and people of several roles who look."""

from django.utils import timezone

from apps.access.actions import agencies, staff
from apps.access.models import User
from apps.cases.queries import strategies
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.demo.management import benchmark_book as book

BY = System("benchmark")
PASSWORD = "far too long to be guessed"  # noqa: S105 - of people who never log in
ROLES = {"agency": "agency_agent", "auditor": "auditor", "agent": "senior_agent"}


def fill(cases: int) -> dict[str, User]:
    """So many open cases in the database that the process is led to; who may look at them, by a name for the role."""
    at = timezone.now()
    agency = agencies.enlist(code="benchmark", name="Benchmark", by=BY, at=at)
    people = {
        name: staff.add(
            username=f"benchmark-{name}",
            name=name.title(),
            password=PASSWORD,
            roles=[role],
            agency=agency if name == "agency" else None,
            by=BY,
            at=at,
        )
        for name, role in ROLES.items()
    }
    strategy = strategies.in_force()
    if strategy is None:
        raise Refused("No strategy is published.", code="no_strategy")
    told = {"date": book.FIRST, "at": book.moment(book.FIRST), "strategy": strategy.pk}
    keys = {"customers": cases, "agency": agency.pk, "person": people["agency"].pk}
    book.make(("benchmark_cases",), told | keys)
    return {name: User.objects.get(pk=user.pk) for name, user in people.items()}
