"""What the gate said, and lists of it."""

from django.db.models import QuerySet

from apps.access.models import User
from apps.customers.queries import walls
from apps.outreach.models import GateDecision


def visible_to(user: User) -> QuerySet[GateDecision]:
    """The decisions about customers whom the user may see."""
    return walls.seen(GateDecision.objects.select_related("customer"), user)
