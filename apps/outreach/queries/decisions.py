"""What the gate said, and lists of it."""

from django.db.models import QuerySet

from apps.access.models import User
from apps.customers import queries as customers
from apps.outreach.models import GateDecision


def visible_to(user: User) -> QuerySet[GateDecision]:
    """The decisions about customers whom the user may see."""
    return GateDecision.objects.filter(customer__in=customers.visible_to(user)).select_related("customer")
