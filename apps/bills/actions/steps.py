"""Our steps of the nightly close: accrue, age, restate, month-end snapshot."""

import datetime as dt
from typing import Any

from django.db import connection

from apps.bills.actions import month_ends, posting
from apps.bills.actions.month_ends import Whose
from apps.closing import queries as closing
from apps.closing.registry import StepContext
from apps.core import sql
from apps.core.domain.dates import is_month_end


def _run(name: str, context: StepContext, **more: Any) -> int:
    statement = sql.load("bills", name)
    for part in ("late_fees", "revolving"):
        statement = statement.replace(f"{{{part}}}", sql.load("bills", part))
    with connection.cursor() as cursor:
        cursor.execute(statement, _parameters(context) | more)
        rows: int = cursor.rowcount
    return rows


def _customers(name: str, context: StepContext) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", name), _parameters(context))
        return [customer for (customer,) in cursor.fetchall()]


def _parameters(context: StepContext) -> dict[str, Any]:
    return {
        "date": context.date,
        "at": context.at,
        "partition": context.partition,
        "partitions": context.partitions,
    }


def accrue(context: StepContext) -> dict[str, int]:
    """At a month's end charge late fees and interest that have come to whole cents; on other days they derive."""
    if not is_month_end(context.date):
        return {"rows": 0}
    posting.close_openings(context)
    _run("lock_partition", context)
    rows = _run("accrue", context) + _run("revolve", context) + _run("post_month_end", context)
    ahead = _customers("accrued_ahead", context)
    rows += posting.post(customers=ahead, by=context.by, at=context.at, closed_through=context.date)
    return {"rows": rows}


def age(context: StepContext) -> dict[str, int]:
    """Bring each customer's oldest due date and bucket to the day, keeping every move."""
    return {"rows": _run("age", context)}


def restate(context: StepContext) -> dict[str, int]:
    """State the closed month-ends anew of whoever's past has changed, from the day of the change on."""
    changed = _changed(context)
    if not changed:
        return {"rows": 0}
    ends = [end for end in closing.closed_month_ends(min(changed.values())) if end < context.date]
    whose = {end: Whose.of([customer for customer, date in changed.items() if date <= end]) for end in ends}
    for end in ends:
        month_ends.roll_up(end=end, whose=whose[end], sign=-1, by=context.by, at=context.at)
    rows = sum(month_ends.forget(end=end, whose=whose[end], by=context.by, at=context.at) for end in ends)
    for end in ends:
        rows += month_ends.snapshot(end=end, whose=whose[end], by=context.by, at=context.at)
        month_ends.roll_up(end=end, whose=whose[end], by=context.by, at=context.at)
    return {"rows": rows + _run("restated", context, customers=list(changed))}


def snapshot(context: StepContext) -> dict[str, int]:
    """Keep every open bill as it stands at a month's end, and add up who went from which bucket to which."""
    if not is_month_end(context.date):
        return {"rows": 0}
    whose = Whose.of_partition(context)
    rows = month_ends.snapshot(end=context.date, whose=whose, by=context.by, at=context.at)
    month_ends.roll_up(end=context.date, whose=whose, by=context.by, at=context.at)
    return {"rows": rows}


def _changed(context: StepContext) -> dict[int, dt.date]:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", "changed_accounts"), _parameters(context))
        return dict(cursor.fetchall())
