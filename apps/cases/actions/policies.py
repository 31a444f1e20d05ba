"""Putting the shipped policy for promises and arrangements in place."""

import datetime as dt

from apps.audit import actions as audit
from apps.cases.domain import offers
from apps.cases.models import ArrangementPolicy
from apps.core.domain.actor import Actor

FIRST_DATE = dt.date(2000, 1, 1)  # it holds from the start, for portfolios of the past too


def install(*, by: Actor, at: dt.datetime, using: str = "owner") -> int:
    """Add the shipped edition where there is none; answers how many. What is there is never touched."""
    with audit.operation("cases.install_arrangement_policy", by=by, at=at, using=using) as op:
        op.nothing_happened = ArrangementPolicy.objects.using(using).exists()
        if not op.nothing_happened:
            ArrangementPolicy.objects.using(using).create(effective_date=FIRST_DATE, document=offers.SHIPPED)
        op.sentence = "Installed the shipped policy for promises and arrangements."
    return int(not op.nothing_happened)
