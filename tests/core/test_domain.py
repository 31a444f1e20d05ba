"""Money, dates and refusals."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.domain import dates, money
from apps.core.domain.actor import Actor, System
from apps.core.domain.refusal import Forbidden, Refused

amounts = st.decimals(Decimal("0.01"), Decimal("99999999.99"), places=2)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1.115", "1.12")],
)
def test_half_a_cent_is_rounded_away_from_zero(exact: str, rounded: str) -> None:
    assert money.cents(Decimal(exact)) == Decimal(rounded)


def test_an_accrual_keeps_six_decimals() -> None:
    assert money.micros(Decimal("0.1234565")) == Decimal("0.123457")


def test_an_amount_is_read_to_the_cent() -> None:
    assert str(money.parse_amount(" 12.5 ")) == "12.50"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("twelve", "amount_not_a_number"),
        ("", "amount_not_a_number"),
        ("NaN", "amount_not_a_number"),
        ("Infinity", "amount_not_a_number"),
        ("1.005", "amount_decimals"),
        ("0", "amount_not_positive"),
        ("-3.00", "amount_not_positive"),
        ("1000000000000.00", "amount_too_large"),
        ("1e30", "amount_too_large"),
    ],
)
def test_what_is_not_an_amount_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        money.parse_amount(text)

    assert refused.value.code == code
    assert refused.value.sentence.endswith(".")


@given(amounts, st.integers(1, 36))
def test_the_parts_of_a_split_add_up_and_differ_in_the_last_alone(total: Decimal, parts: int) -> None:
    shares = money.split(total, parts)

    assert money.total(shares) == total
    assert len(shares) == parts
    assert len(set(shares[:-1])) <= 1
    assert shares[-1] >= shares[0]


def test_nothing_sums_to_nothing_in_cents() -> None:
    assert str(money.total([])) == "0.00"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2005-01-31", 1, "2005-02-28"),
        ("2004-01-31", 1, "2004-02-29"),
        ("2005-11-30", 3, "2006-02-28"),
        ("2005-12-31", -1, "2005-11-30"),
        ("2005-03-15", -3, "2004-12-15"),
    ],
)
def test_a_later_month_that_lacks_the_day_gives_its_last(day: str, months: int, later: str) -> None:
    assert dates.add_months(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(later)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)))
def test_a_month_ends_on_the_day_before_a_first(day: dt.date) -> None:
    end = dates.month_end(day)

    assert (end + dt.timedelta(1)).day == 1
    assert dates.is_month_end(end)
    assert end.replace(day=day.day) == day


def test_days_include_both_ends() -> None:
    first, last = dt.date(2005, 2, 27), dt.date(2005, 3, 1)

    assert dates.days(first, last) == [first, dt.date(2005, 2, 28), last]
    assert dates.days(last, first) == []


def test_a_business_day_is_over_at_the_next_midnight_of_the_products_zone() -> None:
    over = dates.closing_moment(dt.date(2005, 4, 30), ZoneInfo("Asia/Shanghai"))

    assert over == dt.datetime(2005, 4, 30, 16, tzinfo=dt.UTC)
    assert over.tzinfo is dt.UTC


def test_the_day_on_which_clocks_change_is_over_when_its_own_midnight_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")

    before, after = (dates.closing_moment(dt.date(2005, 3, day), berlin) for day in (26, 27))

    assert after - before == dt.timedelta(hours=23)


def test_a_refusal_carries_its_sentence_and_a_code_for_programs() -> None:
    refusal = Forbidden("You may not close a day.")

    assert isinstance(refusal, Refused)
    assert (str(refusal), refusal.sentence, refusal.code) == (*["You may not close a day."] * 2, "forbidden")


def test_the_product_itself_is_an_actor() -> None:
    actor: Actor = System("close")

    assert isinstance(actor, Actor)
    assert (actor.actor_id, actor.acting_role) == ("system:close", "system")
