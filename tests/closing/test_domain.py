import datetime as dt

import pytest

from apps.closing.domain import order, result
from apps.closing.domain.result import Part, StepResult
from apps.core.domain.refusal import Refused


def may(day: int) -> dt.date:
    return dt.date(2026, 5, day)


def test_the_next_day_follows_the_last_closed_one_or_opens_the_book() -> None:
    assert order.next_day(may(3), may(1)) == may(4)
    assert order.next_day(None, may(1)) == may(1)
    assert order.next_day(None, None) is None


@pytest.mark.parametrize(
    ("date", "due", "code"),
    [
        (may(21), may(21), "day_in_the_future"),
        (may(3), may(5), "day_before_the_book"),
        (may(6), may(5), "day_out_of_order"),
    ],
)
def test_a_day_out_of_turn_is_refused(date: dt.date, due: dt.date, code: str) -> None:
    with pytest.raises(Refused) as refused:
        order.check(date, due=due, today=may(20))

    assert refused.value.code == code


def test_the_day_in_turn_may_be_closed() -> None:
    order.check(may(20), due=may(20), today=may(20))
    order.check(may(20), due=None, today=may(20))


@pytest.mark.parametrize(
    ("last_closed", "today", "over"),
    [
        (None, may(20), None),  # the first close is a person's
        (may(19), may(20), None),
        (may(18), may(20), may(19)),
        (may(10), may(20), may(19)),
        (dt.date(2005, 10, 31), may(20), None),  # twenty years behind: a person decides
    ],
)
def test_the_product_closes_by_itself_what_is_over(
    last_closed: dt.date | None, today: dt.date, over: dt.date | None
) -> None:
    assert order.over(last_closed, today) == over


def test_partitions_of_a_step_run_side_by_side_and_days_one_after_the_other() -> None:
    parts = [Part("age", 0, 2, 0.5, {"rows": 2}), Part("age", 1, 3, 0.25, {"rows": 3, "moves": 1})]

    both = result.together([result.of_day(may(1), 1.0, parts), result.of_day(may(2), 2.0, parts)])

    assert both.dates == (may(1), may(2))
    assert both.steps == (StepResult("age", 10, 1.0),)
    assert both.counts == {"moves": 2}
    assert (both.seconds, both.median_seconds) == (3.0, 1.5)
