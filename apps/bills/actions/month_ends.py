"""What is kept of a month's end: every open bill in its classes, and the roll-ups that add it up."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from apps.audit import actions as audit
from apps.bills.domain import aging
from apps.bills.models import ClassRollUp, MonthRollUp
from apps.bills.queries import observations
from apps.closing import queries as closing
from apps.closing.actions import days
from apps.closing.models import Day
from apps.closing.registry import StepContext
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.dates import add_months, month_end

BATCH = 5_000  # bills under an agreement looked at together: bounds the memory


@dataclass(frozen=True, slots=True)
class Whose:
    """The customers that a statement is about: a condition on `customer_id`, and the values that it names."""

    condition: str
    names: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of_partition(cls, context: StepContext) -> "Whose":
        """The customers of a step's partition."""
        return cls(
            "customer_id %% %(partitions)s = %(partition)s",
            {"partition": context.partition, "partitions": context.partitions},
        )

    @classmethod
    def of(cls, customers: list[int]) -> "Whose":
        """These customers, by their keys."""
        return cls("customer_id = any(%(customers)s)", {"customers": customers})


EVERYBODY = Whose("customer_id is not null")


def snapshot(*, end: dt.date, whose: Whose, by: Actor, at: dt.datetime) -> int:
    """Keep every open bill as it stands at the month's end; how many there are."""
    rows = _run(
        "snapshot",
        end,
        whose,
        five_classes=[each.value for each in aging.FiveClass],
        begin_2023=aging.begin(aging.CLASS_2023),
        begin_card=aging.begin(aging.CARD_RULE),
        begin_stages=aging.begin(aging.STAGES),
    )
    _hold_classes(end, whose)
    return rows


def forget(*, end: dt.date, whose: Whose, by: Actor, at: dt.datetime) -> int:
    """Take the snapshots of a month's end away, to be stated anew."""
    return _run("forget_snapshots", end, whose)


def roll_up(*, end: dt.date, whose: Whose, by: Actor, at: dt.datetime, sign: int = 1) -> None:
    """Add to the month's roll-ups where the bills stand and where they came from; with -1 take it out again."""
    _run("roll_up", end, whose, sign=sign)
    _run("class_roll_up", end, whose, sign=sign)


def restate_all(*, since: dt.date | None, by: Actor, at: dt.datetime) -> dict[dt.date, int]:
    """State the closed month-ends since a day anew from the ledger, one after the other; the bills open at each."""
    found = {}
    with days.alone(by=by, at=at):
        for end in closing.closed_month_ends(since):
            day = Day.objects.get(date=end)
            with audit.operation("bills.restate_month_end", by=by, at=at, on=day) as op:
                forget(end=end, whose=EVERYBODY, by=by, at=at)
                for kept in (MonthRollUp, ClassRollUp):
                    kept._base_manager.filter(month_end_date=end).delete()
                found[end] = snapshot(end=end, whose=EVERYBODY, by=by, at=at)
                roll_up(end=end, whose=EVERYBODY, by=by, at=at)
                op.sentence = f"Stated the month's end {end} anew: {found[end]} open bills."
                op.detail = {"bills": found[end]}
    return found


def _hold_classes(end: dt.date, whose: Whose) -> None:
    """Where an agreement stands: no better than its observation lets the classes be."""
    with connection.cursor() as cursor:
        cursor.execute(_text("agreed_snapshots", whose), {"date": end} | whose.names)
        agreed: list[tuple[int, int]] = cursor.fetchall()
    for start in range(0, len(agreed), BATCH):
        held = observations.classes(dict(agreed[start : start + BATCH]), end)
        _run(
            "hold_classes",
            end,
            whose,
            bills=list(held),
            classes_2023=[classes.class_2023.value for classes in held.values()],
            classes_card=[classes.class_card.value for classes in held.values()],
            stages=[classes.stage for classes in held.values()],
        )


def _run(name: str, end: dt.date, whose: Whose, **more: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _text(name, whose),
            {"date": end, "previous_month_end": month_end(add_months(end.replace(day=1), -1))} | whose.names | more,
        )
        rows: int = cursor.rowcount
    return rows


def _text(name: str, whose: Whose) -> str:
    return sql.load("bills", name).replace("{whose}", whose.condition)
