import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills.domain import schedule
from apps.bills.domain.kinds import Mode
from apps.bills.domain.terms import Terms
from tests.bills.books import INSTALMENTS, ORDER


def test_a_deferred_purchase_is_due_once_after_the_term() -> None:
    assert schedule.shares(Decimal("1000.00"), dt.date(2026, 4, 10), 1, ORDER) == (
        schedule.Share(1, dt.date(2026, 5, 10), Decimal("1000.00")),
    )


def test_a_thousand_in_three_at_half_a_percent() -> None:
    shares = schedule.shares(Decimal("1000.00"), dt.date(2026, 4, 10), 3, INSTALMENTS)

    assert [share.amount for share in shares] == [Decimal("338.33"), Decimal("338.33"), Decimal("338.34")]
    assert [share.fee for share in shares] == [Decimal("5.00")] * 3
    assert schedule.instalment_fee(Decimal("1000.00"), 3, INSTALMENTS) == Decimal("15.00")


def test_instalments_of_the_31st_fall_on_the_last_day_of_short_months() -> None:
    shares = schedule.shares(Decimal("300.00"), dt.date(2027, 12, 31), 3, INSTALMENTS)

    assert [share.due_date for share in shares] == [
        dt.date(2028, 1, 31),
        dt.date(2028, 2, 29),
        dt.date(2028, 3, 31),
    ]


@given(
    amount=st.decimals("0.24", "200000", places=2),
    instalments=st.sampled_from([1, 3, 6, 12, 24]),
    rate=st.sampled_from([Decimal("0.005"), Decimal("0.0075"), Decimal("0.012")]),
    purchased=st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)),
)
def test_shares_always_add_up(amount: Decimal, instalments: int, rate: Decimal, purchased: dt.date) -> None:
    terms = Terms(Mode.ORDER, monthly_fee_rate=rate)

    shares = schedule.shares(amount, purchased, instalments, terms)

    fee = schedule.instalment_fee(amount, instalments, terms)
    assert sum((share.amount for share in shares), Decimal(0)) == amount + fee
    assert sum((share.fee for share in shares), Decimal(0)) == fee
    assert sorted(share.due_date for share in shares) == [share.due_date for share in shares]


@pytest.mark.parametrize("instalments", [3, 6, 12, 24])
def test_there_are_as_many_shares_as_instalments(instalments: int) -> None:
    assert len(schedule.shares(Decimal("1200.00"), dt.date(2026, 1, 5), instalments, INSTALMENTS)) == instalments
