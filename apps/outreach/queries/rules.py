"""The conduct rules: those in force at a moment, and all of them for the screen."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.outreach.domain import rules
from apps.outreach.domain.rules import Rule
from apps.outreach.models import ConductRule


def in_force(at: dt.datetime) -> tuple[Rule, ...]:
    """Every version in force on the day of the moment in the product's time zone; where two overlap both are asked."""
    day = at.astimezone(timezone.get_default_timezone()).date()
    rows = ConductRule.objects.filter(Q(ended_date=None) | Q(ended_date__gt=day), effective_date__lte=day)
    return tuple(
        rules.parse(row.code, row.version, row.kind, row.parameters) for row in rows.order_by("code", "version")
    )


def published() -> QuerySet[ConductRule]:
    """All versions, the newest of a rule first."""
    return ConductRule.objects.order_by("code", "-version")
