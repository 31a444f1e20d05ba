import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from apps.closing import queries
from apps.closing.actions import days
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day, Progress
from apps.closing.registry import Run, StepContext
from apps.core import sql
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from tests.closing.conftest import FIRST, Steps

AT = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)
DAY = dt.timedelta(1)
CLOSE = System("close")


class Crash(Exception):
    pass


def recording(seen: list[StepContext], **counts: int) -> Run:
    def run(context: StepContext) -> dict[str, int]:
        seen.append(context)
        return {"rows": 0, **counts}

    return run


def nothing(context: StepContext) -> dict[str, int]:
    return {"rows": 0}


@pytest.mark.django_db
def test_a_day_runs_its_steps_in_order_once_for_each_partition(closing_with: Steps) -> None:
    seen: list[StepContext] = []
    closing_with(age=recording(seen, rows=3, moves=1), cases=recording(seen, rows=1))

    done = days.close(FIRST, partitions=1, by=CLOSE, at=AT)

    midnight_in_shanghai = dt.datetime(2026, 5, 1, 16, tzinfo=dt.UTC)
    assert seen == [StepContext(FIRST, midnight_in_shanghai, 0, 1, CLOSE)] * 2
    assert [(step.name, step.rows) for step in done.steps] == [("age", 3), ("cases", 1)]
    assert done.counts == {"moves": 1}
    assert queries.last_closed_date() == FIRST
    assert queries.business_date(dt.date(2026, 6, 1)) == FIRST + DAY


@pytest.mark.django_db
def test_a_closed_day_is_answered_and_not_run_again(closing_with: Steps) -> None:
    runs: list[StepContext] = []
    closing_with(age=recording(runs, rows=3))
    first = days.close(FIRST, partitions=1, by=CLOSE, at=AT)

    again = days.close(FIRST, partitions=1, by=CLOSE, at=AT + DAY)

    assert again == first
    assert len(runs) == 1


@pytest.mark.django_db
def test_days_are_closed_in_order_and_none_is_left_out(closing_with: Steps) -> None:
    seen: list[StepContext] = []
    closing_with(age=recording(seen))
    with pytest.raises(Refused, match="2026-05-01 comes first"):
        days.close(FIRST + DAY, partitions=1, by=CLOSE, at=AT)

    done = days.close_through(FIRST + 2 * DAY, partitions=1, by=CLOSE, at=AT)

    assert done.dates == (FIRST, FIRST + DAY, FIRST + 2 * DAY)
    assert tuple(context.date for context in seen) == done.dates
    assert days.close_through(FIRST + 2 * DAY, by=CLOSE, at=AT).dates == ()


@pytest.mark.django_db
def test_a_day_that_has_not_begun_is_refused(closing_with: Steps) -> None:
    closing_with(age=nothing)

    with pytest.raises(Refused, match="has not begun"):
        days.close_through(dt.date(2026, 6, 2), by=CLOSE, at=AT)

    assert not Day.objects.exists()


@pytest.mark.django_db
def test_an_interrupted_day_goes_on_where_it_was(closing_with: Steps) -> None:
    runs: list[str] = []
    broken = True

    def age(context: StepContext) -> dict[str, int]:
        runs.append("age")
        return {"rows": 1}

    def cases(context: StepContext) -> dict[str, int]:
        runs.append("cases")
        if broken:
            raise Crash
        return {"rows": 2}

    closing_with(age=age, cases=cases)
    with pytest.raises(Crash):
        days.close(FIRST, partitions=1, by=CLOSE, at=AT)
    assert Day.objects.get().status == DayStatus.CLOSING
    assert queries.done_through("age")(7) == FIRST
    assert queries.done_through("cases")(7) is None
    assert queries.business_date(dt.date(2026, 6, 1)) == dt.date(2026, 6, 1)
    broken = False

    done = days.close(FIRST, partitions=2, by=CLOSE, at=AT)

    assert runs == ["age", "cases", "cases"]
    assert [(step.name, step.rows) for step in done.steps] == [("age", 1), ("cases", 2)]
    assert Day.objects.get().partitions == 1  # as it was begun


def test_a_step_and_the_row_that_says_so_are_written_together_or_not_at_all(
    fresh_database: str, closing_with: Steps
) -> None:
    def writes_and_fails(context: StepContext) -> dict[str, int]:
        Day.objects.create(date=dt.date(1999, 1, 1), partitions=1, started_at=context.at)
        raise Crash

    closing_with(age=nothing, cases=writes_and_fails)

    with pytest.raises(Crash):
        days.close(FIRST, partitions=1, by=CLOSE, at=AT)

    assert list(Day.objects.values_list("date", flat=True)) == [FIRST]
    assert list(Progress.objects.values_list("step", flat=True)) == ["age"]


def test_partitions_are_closed_side_by_side(fresh_database: str, closing_with: Steps) -> None:
    meeting = threading.Barrier(2, timeout=20)
    closing_with(age=lambda c: {"rows": meeting.wait() * 0 + 10 + c.partition})

    done = days.close(FIRST, partitions=2, by=CLOSE, at=AT)

    assert [(step.name, step.rows) for step in done.steps] == [("age", 21)]
    assert queries.done_through("age")(1) == FIRST


def test_one_partition_that_fails_does_not_undo_the_other(fresh_database: str, closing_with: Steps) -> None:
    broken = True

    def age(context: StepContext) -> dict[str, int]:
        if broken and context.partition:
            raise Crash
        return {"rows": 1}

    closing_with(age=age)
    with pytest.raises(Crash):
        days.close(FIRST, partitions=2, by=CLOSE, at=AT)
    done_through = queries.done_through("age")
    assert [done_through(customer) for customer in (10, 11)] == [FIRST, None]
    broken = False

    assert days.close(FIRST, by=CLOSE, at=AT).steps[0].rows == 2


@pytest.fixture
def another_closer(fresh_database: str) -> Iterator[None]:
    """Somebody else is closing, on a connection of their own."""
    at_work, done = threading.Event(), threading.Event()

    def close() -> None:
        with sql.alone(days.LOCK, -1, patience="3s", refusal=Refused("Busy.", code="busy")):
            at_work.set()
            done.wait(30)
        connection.close()

    other = threading.Thread(target=close)
    other.start()
    at_work.wait(30)
    yield
    done.set()
    other.join()


def test_two_closers_at_once_are_one_too_many(
    another_closer: None, closing_with: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing_with(age=nothing)
    monkeypatch.setattr(days, "PATIENCE", "50ms")

    with pytest.raises(Refused, match="being closed by somebody else"):
        days.close(FIRST, partitions=1, by=CLOSE, at=AT)

    assert not Day.objects.exists()
