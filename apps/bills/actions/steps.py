"""Our steps of the nightly close: accrue, age, month-end snapshot."""

from typing import Any

from django.db import connection

from apps.bills.actions import posting
from apps.closing.registry import StepContext
from apps.core import sql
from apps.core.domain.dates import add_months, is_month_end, month_end


def _run(name: str, context: StepContext) -> int:
    statement = sql.load("bills", name)
    for part in ("late_fees", "revolving"):
        statement = statement.replace(f"{{{part}}}", sql.load("bills", part))
    with connection.cursor() as cursor:
        cursor.execute(statement, _parameters(context))
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
        "previous_month_end": month_end(add_months(context.date.replace(day=1), -1)),
    }


def accrue(context: StepContext) -> dict[str, int]:
    """At a month's end charge late fees and interest that have come to whole cents; on other days they derive."""
    if not is_month_end(context.date):
        return {"rows": 0}
    _run("lock_late_accounts", context)
    rows = _run("accrue", context) + _run("revolve", context) + _run("post_month_end", context)
    ahead = _customers("accrued_ahead", context)
    rows += posting.post(customers=ahead, by=context.by, at=context.at, closed_through=context.date)
    return {"rows": rows}


def age(context: StepContext) -> dict[str, int]:
    """Bring each customer's oldest due date and bucket to the day, keeping every move."""
    return {"rows": _run("age", context)}


def snapshot(context: StepContext) -> dict[str, int]:
    """Keep every open bill as it stands at a month's end."""
    return {"rows": _run("snapshot", context) if is_month_end(context.date) else 0}
