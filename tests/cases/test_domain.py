import copy
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from apps.cases.domain import arrangements, moves, outcomes, priority, promises, strategy
from apps.cases.domain.arrangements import ArrangementStatus
from apps.cases.domain.status import CaseStatus, Outcome, PromiseStatus, StepKind, TaskStatus, VersionStatus
from apps.cases.domain.strategy import PromiseRules
from apps.cases.queries import strategies
from apps.core.domain.refusal import Refused

RULES = PromiseRules(within_days=30, grace_days=1)
TODAY = dt.date(2026, 5, 10)
D = Decimal


def shipped() -> dict[str, Any]:
    (document,) = strategies.shipped()
    return copy.deepcopy(document)


def test_the_shipped_strategy_treats_a_customer_tier_by_tier() -> None:
    read = strategy.read(shipped())

    assert (read.code, read.version, read.opens_from) == ("baitiao-standard", 1, 3)
    assert [(s.code, s.kind, s.from_day, s.days) for s in read.steps] == [
        ("pre_due", StepKind.MESSAGE, -3, (-3, -1)),
        ("auto_reminder", StepKind.MESSAGE, 3, (3,)),
        ("agent_contact", StepKind.TASK, 5, (5, 6, 7)),
        ("social", StepKind.MESSAGE, 8, (8,)),
        ("intensive", StepKind.TASK, 31, ()),
        ("arbitration", StepKind.REVIEW, 61, ()),
        ("legal", StepKind.REVIEW, 91, ()),
        ("agency", StepKind.REVIEW, 91, ()),
        ("write_off", StepKind.REVIEW, 181, ()),
    ]


@pytest.mark.parametrize(
    ("days", "stage"),
    [(0, None), (2, None), (3, "auto_reminder"), (4, "auto_reminder"), (5, "agent_contact"), (8, "social")]
    + [(30, "social"), (31, "intensive"), (61, "arbitration"), (90, "arbitration"), (91, "legal"), (400, "write_off")],
)
def test_the_days_past_due_say_the_stage(days: int, stage: str | None) -> None:
    reached = strategy.read(shipped()).stage_at(days)

    assert (reached.code if reached else None) == stage


def test_agencies_are_considered_beside_the_lawsuit_and_are_no_stage() -> None:
    read = strategy.read(shipped())

    assert [s.code for s in read.steps if s.stage == "legal"] == ["legal", "agency"]
    assert "agency" not in {s.code for s in read.stages}


@pytest.mark.parametrize(
    "table", [moves.CASE, moves.TASK, moves.PROMISE, moves.VERSION, moves.SIMULATION, arrangements.MOVES]
)
def test_every_move_of_a_table_is_allowed_and_every_other_refused(table: moves.Moves[Any]) -> None:
    states = list(table)
    assert states == list(states[0].__class__)

    for now in states:
        for to in states:
            if to in table[now]:
                assert moves.move(table, now, to) is to
            else:
                with pytest.raises(Refused, match=f"What is {now} cannot become {to}"):
                    moves.move(table, now, to)


def test_the_tables_end_where_they_should() -> None:
    tables: list[Any] = [moves.CASE, moves.TASK, moves.PROMISE, moves.VERSION, arrangements.MOVES]

    ends = [state for table in tables for state in table if not table[state]]

    assert ends == [
        CaseStatus.CLOSED,
        TaskStatus.DONE,
        TaskStatus.LAPSED,
        TaskStatus.CANCELLED,
        VersionStatus.DISCARDED,
        ArrangementStatus.REJECTED,
        ArrangementStatus.WITHDRAWN,
        ArrangementStatus.EXPIRED,
        ArrangementStatus.VOID,
    ]


def test_more_money_comes_first_and_the_same_money_comes_later_when_it_is_older() -> None:
    assert priority.priority(D("1000.00"), 5) > priority.priority(D("900.00"), 5)
    assert priority.priority(D("1000.00"), 5) > priority.priority(D("1000.00"), 40)
    assert [priority.priority(D("1000.00"), days) for days in (0, 1, 7, 8, 31, 61, 91, 181, 999)] == [
        600, 600, 600, 450, 250, 150, 80, 20, 20,
    ]  # fmt: skip
    assert priority.priority(D("999999999999.99"), 1) == priority.HIGHEST


def test_a_conversation_is_one_with_the_customer() -> None:
    assert not outcomes.reached_customer(Outcome.WRONG_PARTY)
    assert outcomes.was_connected(Outcome.WRONG_PARTY)
    assert not outcomes.was_connected(Outcome.NO_ANSWER)
    assert outcomes.reached_customer(Outcome.HARDSHIP)


@pytest.mark.parametrize(
    ("amount", "days", "has_open", "fault"),
    [
        ("0.00", 3, False, promises.Fault.NOTHING),
        ("500.01", 3, False, promises.Fault.ABOVE_OWED),
        ("100.00", -1, False, promises.Fault.IN_THE_PAST),
        ("100.00", 31, False, promises.Fault.TOO_FAR),
        ("100.00", 3, True, promises.Fault.ANOTHER_OPEN),
        ("500.00", 0, False, None),
        ("500.00", 30, False, None),
    ],
)
def test_a_promise_is_for_something_owed_within_thirty_days(
    amount: str, days: int, has_open: bool, fault: promises.Fault | None
) -> None:
    date = TODAY + dt.timedelta(days)

    found = promises.fault(D(amount), date, owed=D("500.00"), has_open=has_open, business_date=TODAY, rules=RULES)

    assert found is fault


@pytest.mark.parametrize(
    ("received", "on", "verdict"),
    [
        ("100.00", -1, PromiseStatus.KEPT),
        ("99.99", 0, PromiseStatus.OPEN),
        ("99.99", 1, PromiseStatus.BROKEN),
        ("100.00", 1, PromiseStatus.KEPT),
    ],
)
def test_a_promise_is_kept_by_money_and_broken_when_its_grace_is_over(
    received: str, on: int, verdict: PromiseStatus
) -> None:
    judged = promises.judge(D("100.00"), TODAY, received=D(received), on=TODAY + dt.timedelta(on), rules=RULES)

    assert judged is verdict
