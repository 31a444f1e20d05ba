"""What a contract costs a year: the table of rates, the all-in price, plans and caps."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills.domain import price, schedule
from apps.bills.domain.kinds import Mode
from apps.bills.domain.price import Cap, Charge, Price
from apps.bills.domain.terms import INSTALMENT_COUNTS, Terms

CAP = Cap(dt.date(2026, 1, 1), Decimal("0.24"))


@pytest.mark.parametrize(
    ("fee", "expected"),
    [
        ("0.005", ("8.98", "10.21", "10.90", "11.13")),
        ("0.010", ("17.91", "20.29", "21.46", "21.57")),
        ("0.012", ("21.47", "24.28", "25.60", "25.59")),
    ],
)
def test_a_flat_fee_costs_its_monthly_rate_of_return_times_twelve(fee: str, expected: tuple[str, ...]) -> None:
    found = [price.of_flat_fee(Decimal(fee), count) * 100 for count in INSTALMENT_COUNTS]

    assert [f"{rate:.2f}" for rate in found] == list(expected)


def test_one_payment_or_no_fee_costs_nothing() -> None:
    assert price.of_flat_fee(Decimal("0.01"), 1) == 0
    assert price.of_flat_fee(Decimal(0), 12) == 0


def test_a_rate_a_day_counts_365_days() -> None:
    assert price.of_daily(Decimal("0.0005")) == Decimal("0.1825")
    assert price.of_daily(Decimal("0.0007")) == Decimal("0.2555")


def test_the_prices_of_conditions_are_every_count_on_offer_and_the_late_fee() -> None:
    terms = Terms(Mode.ORDER, monthly_fee_rate=Decimal("0.005"), late_fee_daily_rate=Decimal("0.0005"))

    found = price.prices(terms)

    assert [(p.charge, p.instalments) for p in found] == [
        *((Charge.INSTALMENTS, count) for count in INSTALMENT_COUNTS),
        (Charge.LATE_FEE, 0),
    ]
    assert price.highest(found) == Price(Charge.LATE_FEE, Decimal("0.0005"), Decimal("0.1825"))


def test_a_late_fee_that_the_operator_leaves_out_of_the_cap_has_no_price() -> None:
    terms = Terms(Mode.ORDER, late_fee_daily_rate=Decimal("0.0007"), late_fees_in_cap=False)

    assert {p.charge for p in price.prices(terms)} == {Charge.INSTALMENTS}


def test_a_statement_adds_the_revolving_fee() -> None:
    terms = Terms(Mode.STATEMENT, revolving_daily_rate=Decimal("0.0005"))

    assert Price(Charge.REVOLVING, Decimal("0.0005"), Decimal("0.1825")) in price.prices(terms)


def test_a_price_at_the_cap_is_within_it_and_one_above_is_named() -> None:
    at, over = (Price(Charge.PLAN, Decimal(0), Decimal(rate)) for rate in ("0.24", "0.240001"))

    assert price.above([at], CAP) is None
    assert price.above([at, over], CAP) == over
    assert price.above([over], None) is None
    assert price.above([], CAP) is None


def test_the_cap_of_a_day_is_the_last_that_has_begun() -> None:
    later = Cap(dt.date(2027, 12, 31), Decimal("0.12"))

    assert price.cap_on([later, CAP], dt.date(2025, 12, 31)) is None
    assert price.cap_on([later, CAP], dt.date(2027, 12, 30)) == CAP
    assert price.cap_on([later, CAP], dt.date(2027, 12, 31)) == later


@given(
    fee=st.decimals("0", "0.03", places=6),
    count=st.integers(2, 60),
    principal=st.decimals("100", "200000", places=2),
)
def test_the_shares_to_the_cent_cost_what_the_conditions_say(fee: Decimal, count: int, principal: Decimal) -> None:
    shares = schedule.shares(principal, dt.date(2026, 1, 31), count, Terms(Mode.ORDER, monthly_fee_rate=fee))

    found = price.of_plan(principal, [share.amount for share in shares]).annual_rate

    assert abs(found - price.of_flat_fee(fee, count)) < Decimal("0.005")


@given(
    rates=st.lists(st.decimals("0", "0.02", places=6), min_size=2, max_size=2, unique=True), count=st.integers(2, 60)
)
def test_a_higher_fee_costs_more_a_year(rates: list[Decimal], count: int) -> None:
    lower, higher = sorted(rates)

    assert price.of_flat_fee(lower, count) < price.of_flat_fee(higher, count)
