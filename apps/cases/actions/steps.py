"""Our steps of the nightly close: judge promises, open, advance and close cases, make tasks, plan messages."""

import datetime as dt
from typing import Any

from django.db import connection

from apps.cases.domain import holds as holding
from apps.cases.domain import priority
from apps.cases.domain.holds import Stop
from apps.cases.domain.outcomes import RIGHT_PARTY
from apps.cases.domain.status import ExistingCases, StepKind
from apps.cases.domain.strategy import Step, Strategy
from apps.cases.models import StrategySegment, StrategyVersion
from apps.cases.queries import strategies
from apps.closing.registry import StepContext
from apps.core import sql
from apps.core.domain.refusal import Refused
from apps.outreach.actions import outbox

Row = tuple[Any, ...]


def promises(context: StepContext) -> dict[str, int]:
    """Judge the open promises by the ledger."""
    kept, broken, again = _counts("judge_promises", context)
    rows = kept + broken + 2 * again
    return {"rows": rows, "promises_kept": kept, "promises_broken": broken, "promises_judged_again": again}


def holds(context: StepContext) -> dict[str, int]:
    """End the holds whose time is over, bring back what they put aside, and count the day for nobody in a hold."""
    (held,) = _counts("hold_clock", context, clock_kinds=holding.stopping(Stop.CLOCK))
    expired, back = _counts("expire_holds", context, by=context.by.actor_id, task_kinds=holding.stopping(Stop.TASKS))
    return {"rows": held + expired + back, "holds_expired": expired, "tasks_brought_back": back}


def cases(context: StepContext) -> dict[str, int]:
    """Close the cases of who is not late any more, advance the others, open one for who has become late enough."""
    version, rules = _in_force()
    more = {
        "strategy": version.pk,
        "salt": rules.salt,
        "opens_from": rules.opens_from,
        "horizon": context.date,
        "band_days": [day for day, _ in priority.BANDS],
        "band_shares": [share for _, share in priority.BANDS],
    }
    moved, rows_moved = _move_versions(context, version, rules)
    _execute("stage_standing", context)
    ahead = _execute("concern_ahead", context, **more)
    if ahead:
        _execute("standing", context, **more)
    if not _execute("standing_kept", context, **more) + ahead:
        return {"rows": rows_moved, "cases_opened": 0, "cases_advanced": 0, "cases_closed": 0, "cases_moved": moved}
    closed, rows_closed = _counts("cure", context)
    advanced, rows_advanced = _counts("advance", context, **more)
    opened, rows_opened = _counts("open", context, **more)
    return {
        "rows": rows_moved + rows_closed + rows_advanced + rows_opened,
        "cases_opened": opened,
        "cases_advanced": advanced,
        "cases_closed": closed,
        "cases_moved": moved,
    }


def tasks(context: StepContext) -> dict[str, int]:
    """End the tasks that have had their time and make tomorrow's."""
    lapsed, cancelled = _counts("end_tasks", context)
    _segment(context)
    (made,) = _counts("make_tasks", context, right_party=sorted(RIGHT_PARTY), held_kinds=holding.stopping(Stop.TASKS))
    return {"rows": lapsed + cancelled + made, "tasks": made, "tasks_lapsed": lapsed, "tasks_cancelled": cancelled}


def outreach(context: StepContext) -> dict[str, int]:
    """Plan the day's messages: reminders before the due date, and what the strategies of the cases want."""
    _, rules = _in_force()
    outbox.begin(by=context.by, at=context.at)
    _before_due(context, rules)
    _segment(context)
    held = holding.stopping(Stop.MESSAGES)
    _execute("messages_of_cases", context, right_party=sorted(RIGHT_PARTY), held_kinds=held)
    planned = outbox.plan_wanted(by=context.by, at=context.at)
    return {"rows": planned.planned + planned.blocked, "messages": planned.planned, "blocked": planned.blocked}


def _before_due(context: StepContext, rules: Strategy) -> None:
    """The reminders of each step; of two instalments a customer is told about the one that falls due first."""
    for step in rules.steps:
        if step.kind is StepKind.MESSAGE and not step.stage:
            for day in sorted(step.days, reverse=True):
                _falling_due(context, step, -day)


def _falling_due(context: StepContext, step: Step, days_left: int) -> None:
    due_date = context.date + dt.timedelta(days_left)
    _execute("stage_standing", context)
    if _execute("concern_due", context, due_date=due_date):
        _execute("standing", context, horizon=due_date + dt.timedelta(1))
    _execute(
        "falling_due",
        context,
        due_date=due_date,
        days_left=days_left,
        purpose=step.code,
        template=step.template,
        channels=[channel.value for channel in step.channels],
    )


def _move_versions(context: StepContext, version: StrategyVersion, rules: Strategy) -> Row:
    """Bring the cases of earlier versions to the one in force, where its rule takes any."""
    if version.existing_cases == ExistingCases.NEW_CASES_ONLY or not strategies.has_open_cases_of_others(version):
        return 0, 0
    return _counts("move_versions", context, strategy=version.pk, salt=rules.salt, rule=version.existing_cases)


def _segment(context: StepContext) -> None:
    """Note who is in which segment, where a version has any."""
    _execute("stage_segments", context)
    if StrategySegment.objects.exists():
        _execute("segment", context)


def _in_force() -> tuple[StrategyVersion, Strategy]:
    version = strategies.in_force()
    if version is None:
        raise Refused("No strategy is published, so no case can be opened.", code="no_strategy")
    return version, strategies.rules_of(version)


def _execute(name: str, context: StepContext, **more: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_statement(name), _parameters(context, more))
        return int(cursor.rowcount)


def _counts(name: str, context: StepContext, **more: Any) -> Row:
    (row,) = _rows(name, context, **more)
    return row


def _rows(name: str, context: StepContext, **more: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(name), _parameters(context, more))
        found: list[Row] = cursor.fetchall()
        return found


def _statement(name: str) -> str:
    return sql.load("cases", name).replace("{limits}", sql.load("cases", "limits"))


def _parameters(context: StepContext, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "date": context.date,
        "at": context.at,
        "partition": context.partition,
        "partitions": context.partitions,
        **more,
    }
