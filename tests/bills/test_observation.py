import datetime as dt

import pytest

from apps.bills.domain.aging import FiveClass
from apps.bills.domain.observation import LEAST, Classes, Demand, observed, of_days, worse
from apps.bills.domain.pauses import Span

AGREED = dt.date(2026, 1, 31)
NORMAL = of_days(0)


def day(month: int, day_of_month: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, day_of_month)


PAID = [Demand(day(2, 28), day(2, 28)), Demand(day(3, 31), day(3, 31))]


def test_for_a_year_it_is_special_mention_at_least() -> None:
    found = observed(AGREED, NORMAL, PAID, day(1, 30, 2027))

    assert found is not None
    assert (found.end_date, found.floor) == (day(1, 31, 2027), LEAST)


def test_after_a_year_it_is_over() -> None:
    assert observed(AGREED, NORMAL, PAID, day(1, 31, 2027)) is None


def test_it_is_never_better_than_on_the_eve_of_the_agreement() -> None:
    found = observed(AGREED, of_days(125), PAID, day(6, 1))

    assert found is not None
    assert found.floor == Classes(FiveClass.SUBSTANDARD, FiveClass.DOUBTFUL, 3)


@pytest.mark.parametrize(
    ("dues", "end"),
    [
        ([day(9, 30), day(9, 30, 2027)], day(9, 30, 2027)),  # two periods take longer than a year
        ([day(9, 30, 2027)], day(9, 30, 2027)),  # one alone
        ([], day(1, 31, 2027)),
    ],
)
def test_two_due_dates_are_waited_for(dues: list[dt.date], end: dt.date) -> None:
    found = observed(AGREED, NORMAL, [Demand(due) for due in dues], day(2, 1))

    assert found is not None
    assert found.end_date == end


def test_late_again_it_starts_anew_and_no_better_than_that_lateness() -> None:
    found = observed(AGREED, NORMAL, [Demand(day(2, 28), day(6, 10)), *PAID[1:]], day(7, 1))

    assert found is not None
    assert (found.start_date, found.end_date) == (day(6, 9), day(6, 9, 2027))
    assert found.floor == of_days(101)


def test_as_long_as_it_is_late_it_starts_every_day() -> None:
    found = observed(AGREED, NORMAL, [Demand(day(2, 28))], day(3, 5))

    assert found is not None
    assert found.start_date == day(3, 5)


def test_what_is_late_after_it_is_over_starts_nothing() -> None:
    assert observed(AGREED, NORMAL, [*PAID, Demand(day(3, 1, 2027))], day(4, 1, 2027)) is None


def test_within_the_days_of_grace_nothing_is_late() -> None:
    found = observed(AGREED, NORMAL, [Demand(day(2, 28), day(3, 3))], day(4, 1), grace_days=3)

    assert found is not None
    assert found.start_date == AGREED


def test_paused_days_are_not_late() -> None:
    paused = [Span(day(2, 1), day(6, 1))]

    found = observed(AGREED, NORMAL, [Demand(day(2, 28), day(5, 1))], day(6, 1), pauses=paused)

    assert found is not None
    assert found.start_date == AGREED


def test_the_worse_of_two_is_taken_rule_by_rule() -> None:
    one = Classes(FiveClass.LOSS, FiveClass.NORMAL, 1)
    other = Classes(FiveClass.NORMAL, FiveClass.DOUBTFUL, 3)

    assert worse(one, other) == Classes(FiveClass.LOSS, FiveClass.DOUBTFUL, 3)
