"""Working days: the published calendar, and a clear word beyond it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.domain import working_days
from apps.core.domain.working_days import Unpublished

PUBLISHED = st.dates(dt.date(2010, 1, 10), dt.date(working_days.LAST_YEAR, 11, 30))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2026, 11, 24), True),  # a Tuesday
        (dt.date(2026, 11, 28), False),  # a Saturday
        (dt.date(2026, 2, 14), True),  # a Saturday made up for the Spring Festival
        (dt.date(2026, 2, 17), False),  # New Year's Day of the lunar calendar, a Tuesday
        (dt.date(2026, 10, 1), False),  # National Day, a Thursday
    ],
)
def test_holidays_and_make_up_days_are_known(day: dt.date, works: bool) -> None:
    assert working_days.is_working_day(day) is works


def test_a_holiday_moves_to_its_neighbours() -> None:
    assert working_days.on_or_before(dt.date(2026, 10, 4)) == dt.date(2026, 9, 30)
    assert working_days.on_or_after(dt.date(2026, 10, 4)) == dt.date(2026, 10, 8)


def test_working_days_are_counted_from_the_next_day() -> None:
    assert working_days.after(dt.date(2026, 9, 29), 3) == dt.date(2026, 10, 9)
    assert working_days.after(dt.date(2026, 10, 4), 0) == dt.date(2026, 10, 4)


@given(day=PUBLISHED)
def test_the_neighbours_of_any_day_work_and_nothing_between_them_does(day: dt.date) -> None:
    before, later = working_days.on_or_before(day), working_days.on_or_after(day)

    between = [before + dt.timedelta(n) for n in range(1, (later - before).days)]
    assert working_days.is_working_day(before)
    assert working_days.is_working_day(later)
    assert not any(working_days.is_working_day(one) for one in between)


@pytest.mark.parametrize("day", [dt.date(working_days.LAST_YEAR + 1, 1, 4), dt.date(1999, 12, 31)])
def test_a_year_that_is_not_published_is_refused_by_name(day: dt.date) -> None:
    with pytest.raises(Unpublished) as refused:
        working_days.is_working_day(day)

    assert refused.value.year == day.year
    assert refused.value.code == "working_days_unpublished"
    assert f"The working days of {day.year} are not published" in refused.value.sentence


def test_the_next_working_day_across_the_last_published_year_is_refused() -> None:
    with pytest.raises(Unpublished):
        working_days.after(dt.date(working_days.LAST_YEAR, 12, 31), 1)
