"""What part of the book each person may see."""

from django.db.models import Count, Q, QuerySet

from apps.access.domain.scope import Scope, scope_of
from apps.access.models import Agency, User
from apps.access.queries import people


def of(user: User) -> Scope:
    """The user's scope; read once for each request."""
    found: Scope | None = getattr(user, "_scope", None)
    if found is None:
        found = scope_of(
            people.codes_of(user),
            agency=user.agency_id,
            is_listed=user.agency is not None and user.agency.is_listed,
            products=tuple(user.team.products) if user.team else (),
            own_account=user.customer_reference,
        )
        user._scope = found  # type: ignore[attr-defined]
    return found


def agencies() -> QuerySet[Agency]:
    """Every agency with how many people work there, those on the list first."""
    people_there = Count("people", filter=Q(people__is_active=True))
    return Agency.objects.annotate(people_count=people_there).order_by("-struck_at", "name")


def listed() -> QuerySet[Agency]:
    """The agencies that may be given cases."""
    return Agency.objects.filter(struck_at=None).order_by("name")
