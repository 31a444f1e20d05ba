"""Observation: for a year and two due dates after an agreement a class does not improve; late again, it starts anew."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import NamedTuple

from apps.bills.domain import aging
from apps.bills.domain.aging import FiveClass
from apps.bills.domain.pauses import DAY, Span, late_since
from apps.core.domain.dates import add_months

MONTHS = 12
PERIODS = 2
ORDER = tuple(FiveClass)


class Classes(NamedTuple):
    """How an exposure is classified under both rules, and its stage."""

    class_2023: FiveClass
    class_card: FiveClass
    stage: int


LEAST = Classes(FiveClass.SPECIAL_MENTION, FiveClass.SPECIAL_MENTION, 2)


class Demand(NamedTuple):
    """What had to be paid by a date, and when it was met."""

    due_date: dt.date
    met_date: dt.date | None = None


class Share(NamedTuple):
    """A demand of a bill, with the keys of the agreement that made it and of the one that let it fall due anew."""

    due_date: dt.date
    met_date: dt.date | None
    made_by: int | None = None
    replaced_by: int | None = None


class Agreement(NamedTuple):
    """When it was made, and the classes on its eve."""

    agreed_date: dt.date
    before: Classes


@dataclass(frozen=True, slots=True)
class Observation:
    """The days from the start to the one before the end, and what the classes are at least."""

    start_date: dt.date
    end_date: dt.date
    floor: Classes


def of_days(days: int) -> Classes:
    """The classes that follow from the days past due alone."""
    return Classes(aging.class_2023(days), aging.class_card(days), aging.stage(days))


def worse(one: Classes, other: Classes) -> Classes:
    """The worse of each."""
    return Classes(
        max(one.class_2023, other.class_2023, key=ORDER.index),
        max(one.class_card, other.class_card, key=ORDER.index),
        max(one.stage, other.stage),
    )


def observed(
    agreed: dt.date,
    before: Classes,
    demands: Sequence[Demand],
    on: dt.date,
    *,
    grace_days: int = 0,
    pauses: Sequence[Span] = (),
) -> Observation | None:
    """The observation that holds on a day, none when it is over: `before` are the classes on the agreement's eve.

    It ends a year after the agreement, and not before the second due date since. A demand that is late while it
    lasts starts it anew on its last late day, with a floor at least as bad as that lateness.
    """
    found = Observation(agreed, _end(agreed, demands), worse(LEAST, before))
    for demand in sorted(demands, key=lambda demand: demand.due_date):
        first = max(demand.due_date + dt.timedelta(grace_days + 1), agreed)
        last = min(demand.met_date - DAY, on) if demand.met_date else on
        days = aging.days_past_due(late_since(demand.due_date, pauses, last), last)
        if first <= last and first < found.end_date and days:
            start = max(last, found.start_date)
            found = Observation(start, _end(start, demands), worse(found.floor, of_days(days)))
    return found if on < found.end_date else None


def of_bill(
    agreements: Mapping[int, Agreement],
    shares: Sequence[Share],
    on: dt.date,
    *,
    grace_days: int = 0,
    pauses: Sequence[Span] = (),
) -> Observation | None:
    """The observation of a bill on a day under the agreements, by key, that stood by then; none where it is under none.

    Under several the last to end counts, and the worst of what they hold.
    """
    known = [share for share in shares if share.made_by is None or share.made_by in agreements]
    about = {key for share in known for key in (share.made_by, share.replaced_by)}
    demands = [Demand(share.due_date, share.met_date) for share in known]
    running = [
        found
        for key, agreement in agreements.items()
        if key in about and (found := observed(*agreement, demands, on, grace_days=grace_days, pauses=pauses))
    ]
    if not running:
        return None
    last = max(running, key=lambda observation: observation.end_date)
    return replace(last, floor=reduce(worse, (observation.floor for observation in running)))


def _end(start: dt.date, demands: Sequence[Demand]) -> dt.date:
    """A year on, or the second due date after the start where that is later; the last, where there is one alone."""
    later = sorted({demand.due_date for demand in demands if demand.due_date > start})[:PERIODS]
    return max(add_months(start, MONTHS), *later[-1:], start)
